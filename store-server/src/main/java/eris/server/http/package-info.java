/// The door for HTTP.
@NullMarked
package eris.server.http;

import org.jspecify.annotations.NullMarked;
