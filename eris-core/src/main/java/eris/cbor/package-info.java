/// Deterministic CBOR (RFC 8949, section 4.2.1): the part of it that our formats need, strictly.
@NullMarked
package eris.cbor;

import org.jspecify.annotations.NullMarked;
