/// The daemon as a whole: which store it serves, and by which doors.
@NullMarked
package eris.server;

import org.jspecify.annotations.NullMarked;
