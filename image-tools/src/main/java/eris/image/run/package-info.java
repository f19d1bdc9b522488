/// Starting a program from its closure.
@NullMarked
package eris.image.run;

import org.jspecify.annotations.NullMarked;
