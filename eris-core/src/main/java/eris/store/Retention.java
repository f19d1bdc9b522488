package eris.store;

import java.util.OptionalLong;

/// What a store may remove, and how much it may hold.
///
/// @param quotaBytes of blocks, trash included, at most; a store that is full takes no more, a cache
///     removes what was asked for longest ago
public record Retention(Mode mode, OptionalLong quotaBytes) {
  /// Who removes blocks.
  public enum Mode {
    /// Nobody: there is no way to remove anything.
    ARCHIVE,

    /// A collection of garbage removes what is in no live set.
    LEASED,

    /// The store itself removes what it has not been asked for of late.
    CACHE
  }

  /// Keeps everything, without a limit.
  public static final Retention FOREVER = new Retention(Mode.ARCHIVE, OptionalLong.empty());

  /// @throws IllegalArgumentException if the quota is not positive, or a cache has none
  public Retention {
    if (quotaBytes.isPresent() ? quotaBytes.getAsLong() <= 0 : mode == Mode.CACHE) {
      throw new IllegalArgumentException("a cache needs a quota, and a quota is at least 1 byte");
    }
  }
}
