/// What whoever starts the daemon decides: its settings, and where it tells what happens.
@NullMarked
package eris.server.config;

import org.jspecify.annotations.NullMarked;
