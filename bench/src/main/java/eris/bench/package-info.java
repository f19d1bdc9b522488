/// What the performance claims of the codec rest on. [Ratios] measures them; [Jmh] has the detail.
///
/// A [Pipeline] is the cryptographic work of ERIS without everything around it: our kernels, our own
/// C as the ceiling, and the libraries that others use.
@NullMarked
package eris.bench;

import org.jspecify.annotations.NullMarked;
