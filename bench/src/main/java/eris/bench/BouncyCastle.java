package eris.bench;

import static eris.kernel.BlockKernel.DIGEST_BYTES;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.engines.ChaCha7539Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/// Bouncy Castle called by hand. It wants arrays: copying costs it less than 1 %.
final class BouncyCastle implements Hash, Keystream {
  private static final byte[] NONCE = new byte[12];

  private final byte[] digestBytes = new byte[DIGEST_BYTES];
  private byte[] source = new byte[0];
  private byte[] target = new byte[0];

  @Override
  public void hash(MemorySegment block, MemorySegment key, MemorySegment digest) {
    load(block);
    var blake2b =
        key.byteSize() == 0
            ? new Blake2bDigest(DIGEST_BYTES * 8)
            : new Blake2bDigest(key.toArray(JAVA_BYTE), DIGEST_BYTES, null, null);
    blake2b.update(source, 0, source.length);
    blake2b.doFinal(digestBytes, 0);
    MemorySegment.copy(digestBytes, 0, digest, JAVA_BYTE, 0, DIGEST_BYTES);
  }

  @Override
  public void apply(MemorySegment block, MemorySegment key) {
    load(block);
    var chacha20 = new ChaCha7539Engine();
    chacha20.init(true, new ParametersWithIV(new KeyParameter(key.toArray(JAVA_BYTE)), NONCE));
    chacha20.processBytes(source, 0, source.length, target, 0);
    MemorySegment.copy(target, 0, block, JAVA_BYTE, 0, target.length);
  }

  private void load(MemorySegment block) {
    int length = Math.toIntExact(block.byteSize());
    if (source.length != length) {
      source = new byte[length];
      target = new byte[length];
    }
    MemorySegment.copy(block, JAVA_BYTE, 0, source, 0, length);
  }
}
