/// CoAP over UDP: a load, and Californium's plain server as a peer.
@NullMarked
package eris.bench.coap;

import org.jspecify.annotations.NullMarked;
