package eris.stores;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/// Who opens a store for writing: what others read in its lock file, how long to wait while another
/// process writes, and whom to tell about it.
///
/// @param program the name the user knows, without arguments: those may hold capabilities
/// @param onWait told the holder, once, when there is something to wait for
public record Writer(String program, Duration patience, Consumer<String> onWait) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  public Writer {
    Objects.requireNonNull(onWait);
    if (program.isBlank() || patience.isNegative()) {
      throw new IllegalArgumentException("a writer has a name and patience");
    }
  }

  /// Waits 30 seconds without a word.
  public static Writer named(String program) {
    return new Writer(program, PATIENCE, _ -> {});
  }

  public Writer withPatience(Duration other) {
    return new Writer(program, other, onWait);
  }

  public Writer telling(Consumer<String> other) {
    return new Writer(program, patience, other);
  }
}
