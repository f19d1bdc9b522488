package eris.stores.batch;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Why an answer ends before its end mark.
public enum BatchFailure {
  MALFORMED,
  RATE,
  FULL,
  QUOTA,
  READ_ONLY,
  FAILED;

  static Optional<BatchFailure> ofText(String text) {
    return Arrays.stream(values()).filter(failure -> failure.toText().equals(text)).findFirst();
  }

  /// As a stream has it.
  public String toText() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
