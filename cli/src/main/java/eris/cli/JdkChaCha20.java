package eris.cli;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The ChaCha20 of the JDK, as the speed test meets it. It wants arrays.
final class JdkChaCha20 {
  private static final ChaCha20ParameterSpec LEAF = new ChaCha20ParameterSpec(new byte[12], 0);

  private final Cipher cipher;
  private final byte[] source;
  private final byte[] target;

  JdkChaCha20(int blockBytes) {
    source = new byte[blockBytes];
    target = new byte[blockBytes];
    try {
      cipher = Cipher.getInstance("ChaCha20");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  void apply(MemorySegment block, MemorySegment key) {
    MemorySegment.copy(block, JAVA_BYTE, 0, source, 0, source.length);
    try {
      // Decrypting is the same function, and does not mind the key of the block before.
      cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key.toArray(JAVA_BYTE), "ChaCha20"), LEAF);
      cipher.doFinal(source, 0, source.length, target, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    MemorySegment.copy(target, 0, block, JAVA_BYTE, 0, target.length);
  }
}
