/// What our own daemon understands beside single blocks: many at once, and sessions.
@NullMarked
package eris.stores.daemon;

import org.jspecify.annotations.NullMarked;
