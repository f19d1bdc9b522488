package eris.image.closure;

import eris.ReadCapability;
import eris.format.Manifest;

/// A closure that is in a store, with all it lists.
///
/// @param capability of the manifest's CBOR: it names the closure
/// @param objects how many pieces of content were encoded, the manifest not counted
/// @param bytes of these pieces, all together
public record Closure(Manifest manifest, ReadCapability capability, int objects, long bytes) {}
