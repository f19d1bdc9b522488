package eris.retention;

import eris.ReadCapability;
import java.util.Objects;

/// Content that a user wants kept. As secret as its capability, which it does not print.
///
/// @param name what the user calls it; empty if it has no name
/// @param note anything; may be empty
public record Pin(String name, String note, ReadCapability capability, Scope scope) {
  /// How far it reaches.
  public enum Scope {
    /// The blocks of the content.
    CONTENT,

    /// The content is an ERIS-FS: its blocks and those of all its files.
    DIRECTORY
  }

  public Pin {
    Objects.requireNonNull(name);
    Objects.requireNonNull(note);
    Objects.requireNonNull(capability);
    Objects.requireNonNull(scope);
  }
}
