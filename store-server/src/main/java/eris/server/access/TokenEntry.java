package eris.server.access;

import eris.stores.AccessToken;
import java.util.Set;
import java.util.regex.Pattern;

/// What a server knows of a token.
///
/// @param hash of the token, which it is found by; 52 characters
/// @param note for people, of one line
public record TokenEntry(String hash, String account, Set<Permission> permissions, String note) {
  private static final int ID_LENGTH = 8;
  private static final Pattern HASH = Pattern.compile("[A-Z2-7]{52}");

  /// @throws IllegalArgumentException if a value is out of bounds
  public TokenEntry {
    permissions = Set.copyOf(permissions);
    if (!HASH.matcher(hash).matches()) {
      throw new IllegalArgumentException("a hash has 52 characters of base32");
    }
    if (permissions.isEmpty()) {
      throw new IllegalArgumentException("a token allows something");
    }
    if (note.chars().anyMatch(Character::isISOControl) || !note.equals(note.strip())) {
      throw new IllegalArgumentException("a note is one line of text");
    }
  }

  /// What is kept of a token.
  ///
  /// @throws IllegalArgumentException if a value is out of bounds
  public static TokenEntry of(
      AccessToken token, String account, Set<Permission> permissions, String note) {
    return new TokenEntry(token.hash(), account, permissions, note);
  }

  /// What messages and lists call it. Not a secret.
  public String id() {
    return hash.substring(0, ID_LENGTH);
  }
}
