package eris.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// One block at a time, on any JVM: what every other kernel must agree with. BLAKE2b is our own,
/// ChaCha20 the JDK's.
public final class ScalarKernel implements BlockKernel {
  public static final ScalarKernel INSTANCE = new ScalarKernel();

  private static final String CHACHA20 = "ChaCha20";
  private static final int NONCE_BYTES = 12;

  private final Pool<Block> pool = new Pool<>(Block::new);

  private ScalarKernel() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void hash(
      MemorySegment blocks,
      int blockBytes,
      MemorySegment key,
      MemorySegment digests,
      long strideBytes) {
    Block block = pool.take();
    block.setHashKey(key);
    long count = blocks.byteSize() / blockBytes;
    for (long i = 0; i < count; i++) {
      block.readFrom(blocks, i * blockBytes, blockBytes);
      block.hash(true);
      MemorySegment.copy(block.digest, 0, digests, JAVA_BYTE, i * strideBytes, DIGEST_BYTES);
    }
    pool.give(block);
  }

  @Override
  public void applyKeystream(MemorySegment target, MemorySegment key, int level) {
    applyKeystream(target, key, nonce(level));
  }

  /// The same under any nonce: the drafts of ERIS placed the level elsewhere.
  public void applyKeystream(MemorySegment target, MemorySegment key, byte[] nonce) {
    Block block = pool.take();
    block.readFrom(target, 0, (int) target.byteSize());
    block.applyKeystream(key, 0, new ChaCha20ParameterSpec(nonce, 0));
    block.writeTo(target, 0);
    pool.give(block);
  }

  @Override
  public void encrypt(
      MemorySegment nodes, int blockBytes, MemorySegment hashKey, int level, MemorySegment pairs) {
    Block block = pool.take();
    block.setHashKey(hashKey);
    var parameters = new ChaCha20ParameterSpec(nonce(level), 0);
    long count = nodes.byteSize() / blockBytes;
    for (long i = 0; i < count; i++) {
      long pair = i * PAIR_BYTES;
      block.readFrom(nodes, i * blockBytes, blockBytes);
      block.hash(true);
      MemorySegment.copy(block.digest, 0, pairs, JAVA_BYTE, pair + DIGEST_BYTES, KEY_BYTES);
      block.applyKeystream(pairs, pair + DIGEST_BYTES, parameters);
      block.hash(false);
      MemorySegment.copy(block.digest, 0, pairs, JAVA_BYTE, pair, DIGEST_BYTES);
      block.writeTo(nodes, i * blockBytes);
    }
    pool.give(block);
  }

  @Override
  public int decrypt(MemorySegment blocks, int blockBytes, MemorySegment pairs, int level) {
    Block block = pool.take();
    var parameters = new ChaCha20ParameterSpec(nonce(level), 0);
    int count = (int) (blocks.byteSize() / blockBytes);
    int authentic = 0;
    while (authentic < count) {
      long pair = (long) authentic * PAIR_BYTES;
      block.readFrom(blocks, (long) authentic * blockBytes, blockBytes);
      block.hash(false);
      if (!block.digestEquals(pairs, pair)) {
        break;
      }
      block.applyKeystream(pairs, pair + DIGEST_BYTES, parameters);
      block.writeTo(blocks, (long) authentic * blockBytes);
      authentic++;
    }
    pool.give(block);
    return authentic;
  }

  private static byte[] nonce(int level) {
    byte[] nonce = new byte[NONCE_BYTES];
    nonce[0] = (byte) level;
    return nonce;
  }

  /// A copy of the block at hand, and what is needed to work on it.
  private static final class Block {
    private static final byte[] NO_KEY = {};

    private final Blake2b blake2b = new Blake2b();
    private final Cipher chacha20 = newCipher();
    private final byte[] hashKey = new byte[Blake2b.CHUNK_BYTES];
    private final byte[] key = new byte[KEY_BYTES];
    private final byte[] digest = new byte[DIGEST_BYTES];
    private byte[] bytes = new byte[0];
    private int hashKeyBytes;
    private int count; // of the bytes

    private static Cipher newCipher() {
      try {
        return Cipher.getInstance(CHACHA20);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK has no ChaCha20", e);
      }
    }

    void setHashKey(MemorySegment key) {
      hashKeyBytes = Math.toIntExact(key.byteSize());
      MemorySegment.copy(key, JAVA_BYTE, 0, hashKey, 0, hashKeyBytes);
    }

    void readFrom(MemorySegment source, long offset, int count) {
      this.count = count;
      int chunksBytes = Math.ceilDiv(count, Blake2b.CHUNK_BYTES) * Blake2b.CHUNK_BYTES;
      if (bytes.length < chunksBytes) {
        bytes = new byte[chunksBytes];
      }
      MemorySegment.copy(source, JAVA_BYTE, offset, bytes, 0, count);
      Arrays.fill(bytes, count, chunksBytes, (byte) 0);
    }

    void writeTo(MemorySegment target, long offset) {
      MemorySegment.copy(bytes, 0, target, JAVA_BYTE, offset, count);
    }

    void hash(boolean keyed) {
      if (keyed && hashKeyBytes > 0) {
        blake2b.hash(bytes, count, hashKey, hashKeyBytes, digest);
      } else {
        blake2b.hash(bytes, count, NO_KEY, 0, digest);
      }
    }

    boolean digestEquals(MemorySegment references, long offset) {
      return MemorySegment.mismatch(
              MemorySegment.ofArray(digest),
              0,
              DIGEST_BYTES,
              references,
              offset,
              offset + DIGEST_BYTES)
          < 0;
    }

    /// Decrypts, which is the same: the JDK refuses to encrypt twice under one key and nonce, and
    /// equal blocks make ERIS do so.
    void applyKeystream(MemorySegment keys, long offset, ChaCha20ParameterSpec parameters) {
      MemorySegment.copy(keys, JAVA_BYTE, offset, key, 0, KEY_BYTES);
      try {
        chacha20.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, CHACHA20), parameters);
        chacha20.doFinal(bytes, 0, count, bytes, 0);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the JDK's ChaCha20 refused a block", e);
      }
    }
  }
}
