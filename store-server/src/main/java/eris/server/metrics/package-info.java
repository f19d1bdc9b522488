/// The figures of the daemon, for Prometheus: all that is counted elsewhere, written when it is asked
/// for.
@NullMarked
package eris.server.metrics;

import org.jspecify.annotations.NullMarked;
