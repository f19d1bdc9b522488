/// Runs programs straight from verified closures: nothing is installed, and nothing unverified starts.
@NullMarked
package eris.image.run;

import org.jspecify.annotations.NullMarked;
