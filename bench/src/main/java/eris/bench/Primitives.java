package eris.bench;

import static eris.kernel.BlockKernel.DIGEST_BYTES;

import eris.kernel.BlockKernel;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/// The implementations of the two primitives that this machine has, by name. New ones at each call,
/// for one thread.
final class Primitives {
  private Primitives() {}

  /// BLAKE2b-256 of consecutive blocks.
  @FunctionalInterface
  interface BatchHash {
    void hash(MemorySegment blocks, int blockBytes, MemorySegment key, MemorySegment digests);
  }

  static Map<String, BatchHash> hashes() {
    Map<String, BatchHash> hashes = new LinkedHashMap<>();
    for (BlockKernel kernel : Pipelines.kernels()) {
      hashes.put(
          "eris " + kernel.name(),
          (blocks, blockBytes, key, digests) ->
              kernel.hash(blocks, blockBytes, key, digests, DIGEST_BYTES));
    }
    hashes.put(Pipelines.BOUNCY_CASTLE, oneByOne(new BouncyCastle()));
    Libsodium.find().ifPresent(sodium -> hashes.put(Pipelines.LIBSODIUM, oneByOne(sodium)));
    return hashes;
  }

  static Map<String, Keystream> keystreams() {
    Map<String, Keystream> keystreams = new LinkedHashMap<>();
    for (BlockKernel kernel : Pipelines.kernels()) {
      keystreams.put("eris " + kernel.name(), (block, key) -> kernel.applyKeystream(block, key, 0));
    }
    keystreams.put(Pipelines.BOUNCY_CASTLE, new BouncyCastle());
    keystreams.put("jdk cipher", new JdkCipher());
    Libsodium.find().ifPresent(sodium -> keystreams.put(Pipelines.LIBSODIUM, sodium));
    OpenSsl.find().ifPresent(openSsl -> keystreams.put("openssl", openSsl));
    return keystreams;
  }

  private static BatchHash oneByOne(Hash hash) {
    return (blocks, blockBytes, key, digests) -> {
      long count = blocks.byteSize() / blockBytes;
      for (long i = 0; i < count; i++) {
        hash.hash(
            blocks.asSlice(i * blockBytes, blockBytes),
            key,
            digests.asSlice(i * DIGEST_BYTES, DIGEST_BYTES));
      }
    };
  }
}
