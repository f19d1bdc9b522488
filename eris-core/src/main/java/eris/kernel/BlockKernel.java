package eris.kernel;

import java.lang.foreign.MemorySegment;

/// The two primitives where all the time goes, in batches of equally sized blocks. Stateless, safe
/// for concurrent use, and bit for bit the same whichever implementation answers.
///
/// Segments may be on or off the heap, at any alignment, of any size; kernels are fast with many
/// blocks of a multiple of 128 bytes off the heap.
public sealed interface BlockKernel permits ScalarKernel, VectorKernel, WarmingKernel {
  int DIGEST_BYTES = 32;
  int KEY_BYTES = 32;

  /// A reference and a key, as they lie in an internal node.
  int PAIR_BYTES = 64;

  /// The hash key of unkeyed BLAKE2b.
  MemorySegment UNKEYED = MemorySegment.ofArray(new byte[0]);

  /// What `eris --version` shows.
  String name();

  /// BLAKE2b-256 (RFC 7693) of each consecutive `blockBytes` of `blocks`, keyed by `key` (0 or 32
  /// bytes), into `digests`, `strideBytes` apart. Batches exist because blocks are independent.
  void hash(
      MemorySegment blocks,
      int blockBytes,
      MemorySegment key,
      MemorySegment digests,
      long strideBytes);

  /// XORs `block` in place with ChaCha20 (RFC 8439, counter from 0) under the nonce `level`, 0, 0, …
  /// Its own inverse.
  void applyKeystream(MemorySegment block, MemorySegment key, int level);

  /// Encrypts each consecutive `blockBytes` of `nodes` in place, the whole of ERIS's Encrypt-Node:
  /// key = BLAKE2b-256 of the node under `hashKey`, block = ChaCha20, reference = BLAKE2b-256 of the
  /// block. Writes to `pairs`, for each node, its reference and its key.
  void encrypt(
      MemorySegment nodes, int blockBytes, MemorySegment hashKey, int level, MemorySegment pairs);

  /// Verifies each consecutive `blockBytes` of `blocks` against its reference in `pairs` and decrypts
  /// it in place with its key there, up to the first block that does not hash to its reference: from
  /// that one on, what `blocks` then holds means nothing.
  ///
  /// @return how many blocks are authentic, and decrypted
  int decrypt(MemorySegment blocks, int blockBytes, MemorySegment pairs, int level);

  /// The fastest kernel for this JVM and for as much work as it has had: chosen once, and what was
  /// chosen may begin with one kernel and go on with a faster one.
  ///
  /// @throws NoSuchKernelException if the environment asks for one that is not to be had
  static BlockKernel best() {
    return KernelChoice.best();
  }

  /// Tells how many bytes this process is about to work on, as far as it knows: [#best] gets ready
  /// for a long run at once, and for a short one never.
  static void expect(long bytes) {
    if (best() instanceof WarmingKernel warming) {
      warming.expect(bytes);
    }
  }

  /// The kernel with which [#best] does most of a long run. Waits for seconds until it is compiled.
  static BlockKernel warm() {
    BlockKernel best = best();
    return best instanceof WarmingKernel warming ? warming.warm() : best;
  }
}
