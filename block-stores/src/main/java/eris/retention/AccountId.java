package eris.retention;

import eris.Base32;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/// Who owns a live set: an Ed25519 public key (RFC 8032). Prints as 52 characters of Base32.
public final class AccountId implements Comparable<AccountId> {
  public static final int BYTES = 32;

  /// `SubjectPublicKeyInfo` of Ed25519 up to the key (RFC 8410).
  private static final byte[] X509_HEAD = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

  private final byte[] key;

  private AccountId(byte[] key) {
    this.key = key;
  }

  /// @throws IllegalArgumentException if there are not 32 bytes
  public static AccountId copyOf(byte[] key) {
    if (key.length != BYTES) {
      throw new IllegalArgumentException("%d bytes, want %d".formatted(key.length, BYTES));
    }
    return new AccountId(key.clone());
  }

  /// @throws IllegalArgumentException if `text` is not what [#toString] gives
  public static AccountId parse(String text) {
    try {
      return copyOf(Base32.decode(text));
    } catch (Base32.MalformedException e) {
      throw new IllegalArgumentException("not an account: " + e.getMessage(), e);
    }
  }

  static AccountId of(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return copyOf(Arrays.copyOfRange(encoded, X509_HEAD.length, encoded.length));
  }

  byte[] toBytes() {
    return key.clone();
  }

  /// Whether this account signed `message`.
  boolean signed(byte[] message, byte[] signature) {
    try {
      byte[] encoded = Arrays.copyOf(X509_HEAD, X509_HEAD.length + BYTES);
      System.arraycopy(key, 0, encoded, X509_HEAD.length, BYTES);
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException _) {
      return false; // no point of the curve, or no signature at all
    }
  }

  @Override
  public int compareTo(AccountId that) {
    return Arrays.compareUnsigned(key, that.key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AccountId that && Arrays.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(key);
  }

  @Override
  public String toString() {
    return Base32.encode(key);
  }
}
