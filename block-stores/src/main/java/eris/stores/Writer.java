package eris.stores;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/// Who opens a store for writing: what others read in its lock file, how long to wait while another
/// process writes, and whom to tell about it.
///
/// @param program the name the user knows, without arguments: those may hold capabilities
/// @param onWait told the holder, once, when there is something to wait for
/// @param socket where others of this user may put blocks into the store meanwhile
/// @param heldByDaemon what to do where a holder has such a socket
public record Writer(
    String program,
    Duration patience,
    Consumer<String> onWait,
    Optional<Path> socket,
    HeldByDaemon heldByDaemon) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// What to do where a daemon holds the store.
  public enum HeldByDaemon {
    /// Wait for it, as for any other.
    WAIT,
    /// End with [eris.stores.HeldByDaemon]: whoever only puts blocks can do so through the daemon.
    ASK
  }

  public Writer {
    Objects.requireNonNull(onWait);
    Objects.requireNonNull(heldByDaemon);
    if (program.isBlank() || patience.isNegative()) {
      throw new IllegalArgumentException("a writer has a name and patience");
    }
  }

  /// Waits 30 seconds without a word.
  public static Writer named(String program) {
    return new Writer(program, PATIENCE, _ -> {}, Optional.empty(), HeldByDaemon.WAIT);
  }

  public Writer withPatience(Duration other) {
    return new Writer(program, other, onWait, socket, heldByDaemon);
  }

  public Writer telling(Consumer<String> other) {
    return new Writer(program, patience, other, socket, heldByDaemon);
  }

  /// Takes blocks for the store, as long as this holds it.
  public Writer listeningAt(Path other) {
    return new Writer(program, patience, onWait, Optional.of(other), heldByDaemon);
  }

  /// Waits for no daemon.
  public Writer askingDaemons() {
    return new Writer(program, patience, onWait, socket, HeldByDaemon.ASK);
  }
}
