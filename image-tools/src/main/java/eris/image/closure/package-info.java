/// Closures: a program with all it needs, stored and listed in a manifest.
@NullMarked
package eris.image.closure;

import org.jspecify.annotations.NullMarked;
