package eris.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.engines.ChaCha7539Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/// The reference twin: somebody else's BLAKE2b and ChaCha20, one block at a time, on any JVM. Every
/// other kernel is tested against this one.
public final class BouncyCastleKernel implements BlockKernel {
  public static final BouncyCastleKernel INSTANCE = new BouncyCastleKernel();
  private static final int NONCE_BYTES = 12;

  private BouncyCastleKernel() {}

  @Override
  public String name() {
    return "bouncycastle";
  }

  @Override
  public void hash(
      MemorySegment blocks,
      int blockBytes,
      MemorySegment key,
      MemorySegment digests,
      long strideBytes) {
    byte[] message = new byte[blockBytes];
    byte[] digest = new byte[DIGEST_BYTES];
    var blake2b =
        key.byteSize() == 0
            ? new Blake2bDigest(DIGEST_BYTES * 8)
            : new Blake2bDigest(key.toArray(JAVA_BYTE), DIGEST_BYTES, null, null);
    long count = blocks.byteSize() / blockBytes;
    for (long i = 0; i < count; i++) {
      MemorySegment.copy(blocks, JAVA_BYTE, i * blockBytes, message, 0, blockBytes);
      blake2b.update(message, 0, blockBytes);
      blake2b.doFinal(digest, 0);
      MemorySegment.copy(digest, 0, digests, JAVA_BYTE, i * strideBytes, DIGEST_BYTES);
    }
  }

  @Override
  public void applyKeystream(MemorySegment block, MemorySegment key, int level) {
    byte[] nonce = new byte[NONCE_BYTES];
    nonce[0] = (byte) level;
    applyKeystream(block, key, nonce);
  }

  /// The same under any nonce: the drafts of ERIS placed the level elsewhere.
  public void applyKeystream(MemorySegment block, MemorySegment key, byte[] nonce) {
    byte[] bytes = block.toArray(JAVA_BYTE);
    var chacha20 = new ChaCha7539Engine();
    chacha20.init(true, new ParametersWithIV(new KeyParameter(key.toArray(JAVA_BYTE)), nonce));
    chacha20.processBytes(bytes, 0, bytes.length, bytes, 0);
    MemorySegment.copy(bytes, 0, block, JAVA_BYTE, 0, bytes.length);
  }
}
