package eris.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The ChaCha20 of the JDK. It has no BLAKE2b.
final class JdkCipher implements Keystream {
  private static final ChaCha20ParameterSpec LEAF = new ChaCha20ParameterSpec(new byte[12], 0);

  private final Cipher cipher;
  private byte[] source = new byte[0];
  private byte[] target = new byte[0];

  JdkCipher() {
    try {
      cipher = Cipher.getInstance("ChaCha20");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void apply(MemorySegment block, MemorySegment key) {
    int length = Math.toIntExact(block.byteSize());
    if (source.length != length) {
      source = new byte[length];
      target = new byte[length];
    }
    MemorySegment.copy(block, JAVA_BYTE, 0, source, 0, length);
    try {
      // Decrypting is the same function, and does not mind the key of the block before.
      cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key.toArray(JAVA_BYTE), "ChaCha20"), LEAF);
      cipher.doFinal(source, 0, length, target, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    MemorySegment.copy(target, 0, block, JAVA_BYTE, 0, length);
  }
}
