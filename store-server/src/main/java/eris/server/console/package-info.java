/// The console: the page, and what the daemon tells it of itself. Memory is bounded, however long the
/// daemon runs and whatever is asked of it.
@NullMarked
package eris.server.console;

import org.jspecify.annotations.NullMarked;
