/// Benchmarks of the codec.
@NullMarked
package eris.bench;

import org.jspecify.annotations.NullMarked;
