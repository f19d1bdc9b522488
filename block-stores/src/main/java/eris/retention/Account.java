package eris.retention;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/// The owner of a live set, with the seed that signs for it. A secret: who has the seed says what a
/// store keeps for this account. Prints only who it is.
public final class Account {
  static final int SEED_BYTES = 32;

  /// `OneAsymmetricKey` of Ed25519 up to the seed (RFC 8410).
  private static final byte[] PKCS8_HEAD = {
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
  };

  private final AccountId id;
  private final byte[] seed;

  private Account(AccountId id, byte[] seed) {
    this.id = id;
    this.seed = seed;
  }

  /// A new account, of the operating system's randomness.
  public static Account generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
      return new Account(AccountId.of(pair.getPublic()), seed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /// An account that was kept.
  ///
  /// @throws IllegalArgumentException if the seed is not that of `id`
  static Account of(AccountId id, byte[] seed) {
    var account = new Account(id, seed.clone());
    byte[] probe = {1};
    if (seed.length != SEED_BYTES || !id.signed(probe, account.sign(probe))) {
      throw new IllegalArgumentException("the seed is of another account");
    }
    return account;
  }

  public AccountId id() {
    return id;
  }

  byte[] seed() {
    return seed.clone();
  }

  byte[] sign(byte[] message) {
    try {
      byte[] encoded = Arrays.copyOf(PKCS8_HEAD, PKCS8_HEAD.length + SEED_BYTES);
      System.arraycopy(seed, 0, encoded, PKCS8_HEAD.length, SEED_BYTES);
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every seed is a key
    }
  }

  @Override
  public String toString() {
    return "Account[" + id + "]";
  }
}
