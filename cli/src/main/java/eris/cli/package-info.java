/// The `eris` command: the one place that chooses implementations, prints and exits.
@NullMarked
package eris.cli;

import org.jspecify.annotations.NullMarked;
