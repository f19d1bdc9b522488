package eris.cli;

import eris.store.Retention;
import java.util.OptionalLong;

/// Puts together what options say of a store's retention.
final class Retentions {
  private Retentions() {}

  /// @throws Failure if that cannot be
  static Retention of(Retention.Mode mode, OptionalLong quotaBytes) throws Failure {
    if (mode == Retention.Mode.CACHE && quotaBytes.isEmpty()) {
      throw new Failure(ExitCode.USAGE, "a cache needs a quota", "give one with --quota SIZE");
    }
    return new Retention(mode, quotaBytes);
  }
}
