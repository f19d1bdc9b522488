package eris.retention;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What opens a pin file. A secret: prints redacted.
public final class PinKey {
  /// What a key is made of; its number stands in the file.
  enum Kind {
    KEY_FILE(0),
    PASSPHRASE(1);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  public static final int FILE_BYTES = 32;

  private static final int LOG_COST = 16; // N: 64 MiB with r = 8
  private static final int BLOCK_FACTOR = 8; // r
  private static final int PARALLELISM = 2; // p

  private final Kind kind;
  private final byte[] secret;

  private PinKey(Kind kind, byte[] secret) {
    this.kind = kind;
    this.secret = secret;
  }

  /// A random key of 32 bytes.
  public static PinKey ofFile(byte[] bytes) {
    if (bytes.length != FILE_BYTES) {
      throw new IllegalArgumentException(
          "a key is %d bytes, not %d".formatted(FILE_BYTES, bytes.length));
    }
    return new PinKey(Kind.KEY_FILE, bytes.clone());
  }

  /// @param utf8 at least one byte
  public static PinKey ofPassphrase(byte[] utf8) {
    if (utf8.length == 0) {
      throw new IllegalArgumentException("an empty passphrase");
    }
    return new PinKey(Kind.PASSPHRASE, utf8.clone());
  }

  Kind kind() {
    return kind;
  }

  /// The key of a file with this salt. Of a passphrase it takes 64 MiB, and half a second.
  byte[] derive(byte[] salt) {
    return switch (kind) {
      case KEY_FILE -> hmac(salt);
      case PASSPHRASE ->
          Scrypt.derive(secret, salt, LOG_COST, BLOCK_FACTOR, PARALLELISM, FILE_BYTES);
    };
  }

  private byte[] hmac(byte[] salt) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac.doFinal(salt);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  @Override
  public String toString() {
    return "PinKey[redacted]";
  }
}
