package eris.bench;

import java.lang.foreign.MemorySegment;

/// The cryptographic work of ERIS on consecutive leaves, in place: no streaming, no tree, no store.
/// Holds buffers: one per thread.
interface Pipeline {
  /// The most blocks of one call.
  int MAX_BLOCKS = 512;

  String name();

  /// Encrypts each consecutive `blockBytes` of `leaves` and writes a reference and a key for each to
  /// `pairs`.
  void encode(MemorySegment leaves, int blockBytes, MemorySegment secret, MemorySegment pairs);

  /// Verifies each block against its reference in `pairs` and decrypts it.
  ///
  /// @throws IllegalStateException if one is not authentic
  void decode(MemorySegment blocks, int blockBytes, MemorySegment pairs);
}
