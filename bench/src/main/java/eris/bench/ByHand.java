package eris.bench;

import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.engines.ChaCha7539Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/// The peer: the cryptographic work of ERIS, written down straight on Bouncy Castle and byte arrays,
/// with no streaming, no store and no checks but the hash. As little as any implementation on it can
/// do.
final class ByHand {
  private static final int DIGEST_BITS = 256;
  private static final int HASH_BYTES = 32;
  private static final int PAIR_BYTES = 64;

  private final int blockBytes;
  private final byte[] block;
  private final byte[] digest = new byte[HASH_BYTES];

  ByHand(int blockBytes) {
    this.blockBytes = blockBytes;
    this.block = new byte[blockBytes];
  }

  /// Encrypts `content`, whole leaves, and all nodes above it. Returns the root pair.
  byte[] encode(byte[] content) {
    byte[] pairs = encryptLevel(content, new byte[HASH_BYTES], 0);
    for (int level = 1; pairs.length > PAIR_BYTES; level++) {
      int nodes = (pairs.length + blockBytes - 1) / blockBytes;
      byte[] padded = new byte[nodes * blockBytes];
      System.arraycopy(pairs, 0, padded, 0, pairs.length);
      pairs = encryptLevel(padded, new byte[0], level);
    }
    return pairs;
  }

  private byte[] encryptLevel(byte[] nodes, byte[] hashKey, int level) {
    int count = nodes.length / blockBytes;
    byte[] pairs = new byte[count * PAIR_BYTES];
    for (int i = 0; i < count; i++) {
      int pair = i * PAIR_BYTES;
      hash(nodes, i * blockBytes, hashKey);
      System.arraycopy(digest, 0, pairs, pair + HASH_BYTES, HASH_BYTES);
      crypt(nodes, i * blockBytes, digest, level);
      hash(block, 0, new byte[0]);
      System.arraycopy(digest, 0, pairs, pair, HASH_BYTES);
    }
    return pairs;
  }

  /// Hashes and decrypts as many nodes, leaves and internal ones, as content of the size of `blocks`
  /// has. Returns the last hash.
  byte[] decode(byte[] blocks, byte[] key) {
    int arity = blockBytes / PAIR_BYTES;
    for (int nodes = blocks.length / blockBytes; ; nodes = (nodes + arity - 1) / arity) {
      for (int i = 0; i < nodes; i++) {
        hash(blocks, i * blockBytes, new byte[0]);
        crypt(blocks, i * blockBytes, key, 0);
      }
      if (nodes == 1) {
        return digest;
      }
    }
  }

  private void hash(byte[] message, int offset, byte[] key) {
    var blake2b =
        key.length == 0
            ? new Blake2bDigest(DIGEST_BITS)
            : new Blake2bDigest(key, HASH_BYTES, null, null);
    blake2b.update(message, offset, blockBytes);
    blake2b.doFinal(digest, 0);
  }

  private void crypt(byte[] source, int offset, byte[] key, int level) {
    byte[] nonce = new byte[12];
    nonce[0] = (byte) level;
    var chacha20 = new ChaCha7539Engine();
    chacha20.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
    chacha20.processBytes(source, offset, blockBytes, block, 0);
  }
}
