package eris.bench;

import java.lang.foreign.MemorySegment;

/// BLAKE2b-256 of one block, under a key of 0 or 32 bytes.
@FunctionalInterface
interface Hash {
  void hash(MemorySegment block, MemorySegment key, MemorySegment digest);
}
