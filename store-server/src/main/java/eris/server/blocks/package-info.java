/// What every door of the daemon asks: the store behind it, its limits, and what went wrong.
@NullMarked
package eris.server.blocks;

import org.jspecify.annotations.NullMarked;
