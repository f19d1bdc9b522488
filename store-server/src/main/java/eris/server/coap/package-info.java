/// Blocks over CoAP (EER coap): the resource, and the doors that lead to it over UDP, DTLS and TCP.
@NullMarked
package eris.server.coap;

import org.jspecify.annotations.NullMarked;
