package eris.retention;

import eris.retention.PinFile.MalformedException;
import eris.retention.PinFile.WrongKeyException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The bytes of a pin file: pins, encrypted and authenticated with ChaCha20-Poly1305 (RFC 8439). The
/// head is authenticated too.
///
/// ```
/// 0..8     "eris pins"
/// 9        version              1
/// 10       kind of key          0 key file, 1 passphrase
/// 11..26   salt                 random, the same as long as the file has this key
/// 27..38   nonce                random, another in each version of the file
/// 39..     ciphertext, then 16 bytes of tag
/// ```
final class PinSeal {
  private static final byte[] MAGIC = "eris pins".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int VERSION_OFFSET = MAGIC.length;
  private static final int KIND_OFFSET = VERSION_OFFSET + 1;
  private static final int SALT_OFFSET = KIND_OFFSET + 1;
  private static final int SALT_BYTES = 16;
  private static final int NONCE_OFFSET = SALT_OFFSET + SALT_BYTES;
  private static final int NONCE_BYTES = 12;
  private static final int HEAD_BYTES = NONCE_OFFSET + NONCE_BYTES;
  private static final int TAG_BYTES = 16;

  private final PinKey.Kind kind;
  private final byte[] salt;
  private final byte[] key;

  private PinSeal(PinKey key, byte[] salt) {
    this.kind = key.kind();
    this.salt = salt;
    this.key = key.derive(salt);
  }

  /// The seal of a new file.
  static PinSeal create(PinKey key) {
    return new PinSeal(key, random(SALT_BYTES));
  }

  /// The seal of a file, and the pins that are under it.
  record Opened(PinSeal seal, Pins pins) {}

  /// @throws WrongKeyException if `key` does not open it, or it was changed by somebody without
  /// @throws MalformedException if it is no pin file, or of an unknown version
  static Opened open(byte[] sealed, PinKey key) throws MalformedException, WrongKeyException {
    if (sealed.length < MAGIC.length
        || !Arrays.equals(sealed, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new MalformedException("not a pin file");
    }
    if (sealed.length < HEAD_BYTES + TAG_BYTES) {
      throw new MalformedException("cut short: %d bytes".formatted(sealed.length));
    }
    if (sealed[VERSION_OFFSET] != VERSION) {
      throw new MalformedException(
          "version %d, want %d".formatted(sealed[VERSION_OFFSET], VERSION));
    }
    if (sealed[KIND_OFFSET] != key.kind().number()) {
      throw new WrongKeyException();
    }
    var seal = new PinSeal(key, Arrays.copyOfRange(sealed, SALT_OFFSET, NONCE_OFFSET));
    return new Opened(seal, Pins.decode(seal.decrypt(sealed)));
  }

  /// Encrypts `pins` with a nonce that was never used before.
  byte[] seal(Pins pins) {
    byte[] plain = pins.encode();
    byte[] sealed = new byte[HEAD_BYTES + plain.length + TAG_BYTES];
    System.arraycopy(MAGIC, 0, sealed, 0, MAGIC.length);
    sealed[VERSION_OFFSET] = VERSION;
    sealed[KIND_OFFSET] = (byte) kind.number();
    System.arraycopy(salt, 0, sealed, SALT_OFFSET, SALT_BYTES);
    System.arraycopy(random(NONCE_BYTES), 0, sealed, NONCE_OFFSET, NONCE_BYTES);
    try {
      cipher(Cipher.ENCRYPT_MODE, sealed).doFinal(plain, 0, plain.length, sealed, HEAD_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
    return sealed;
  }

  private byte[] decrypt(byte[] sealed) throws WrongKeyException {
    try {
      return cipher(Cipher.DECRYPT_MODE, sealed)
          .doFinal(sealed, HEAD_BYTES, sealed.length - HEAD_BYTES);
    } catch (AEADBadTagException _) {
      throw new WrongKeyException();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Cipher cipher(int mode, byte[] sealed) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
    cipher.init(
        mode,
        new SecretKeySpec(key, "ChaCha20"),
        new IvParameterSpec(sealed, NONCE_OFFSET, NONCE_BYTES));
    cipher.updateAAD(sealed, 0, HEAD_BYTES);
    return cipher;
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
