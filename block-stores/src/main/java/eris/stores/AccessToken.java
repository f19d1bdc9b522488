package eris.stores;

import eris.Base32;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// What a client shows a server to be let in (RFC 6750): 256 random bits. A secret: prints as
/// `AccessToken[redacted]`. Servers keep its hash alone, which needs no salt and no stretching,
/// since nobody guesses a token.
public final class AccessToken {
  private static final int BYTES = 32;
  private static final String PREFIX = "eris-token-";
  private static final Pattern TEXT = Pattern.compile(PREFIX + "[A-Z2-7]{52}");

  private final String text;

  private AccessToken(String text) {
    this.text = text;
  }

  /// A new one.
  ///
  /// @param random a source that nobody can predict
  public static AccessToken generate(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new AccessToken(PREFIX + Base32.encode(bytes));
  }

  /// @throws IllegalArgumentException if `text` is none; the message does not repeat it
  public static AccessToken parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException("not a token, want eris-token- and 52 characters");
    }
    return new AccessToken(text);
  }

  /// The whole token. For its owner only.
  public String reveal() {
    return text;
  }

  /// The SHA-256 of the text, in Base32.
  public String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return Base32.encode(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  @Override
  public String toString() {
    return "AccessToken[redacted]";
  }
}
