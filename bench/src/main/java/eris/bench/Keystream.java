package eris.bench;

import java.lang.foreign.MemorySegment;

/// ChaCha20 of one block in place, under the nonce of leaves: all zero.
@FunctionalInterface
interface Keystream {
  void apply(MemorySegment block, MemorySegment key);
}
