/// CoAP: messages (RFC 7252), their transfer in parts (RFC 7959) and over TCP (RFC 8323), and the
/// client of block servers that speak it (EER coap).
@NullMarked
package eris.stores.coap;

import org.jspecify.annotations.NullMarked;
