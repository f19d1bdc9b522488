/// What is kept and what may go: pins, live sets, and the collection of the rest.
@NullMarked
package eris.retention;

import org.jspecify.annotations.NullMarked;
