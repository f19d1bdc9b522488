package eris.server.access;

import eris.stores.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// How much accounts have put, in all and lately. Safe for concurrent use.
///
/// What an account has put survives in a [UsageFile]. That is written before it is put, for many
/// blocks at once: so after a crash nobody can put more than the quota, and somebody may have lost
/// up to [#AHEAD_BYTES] of it.
public final class Budgets {
  static final long AHEAD_BYTES = 64L << 20;

  private static final Duration BURST = Duration.ofSeconds(10);

  private final UsageFile file;
  private final Clock clock;
  private final Map<String, Long> used; // guarded by this, as all that follows
  private final Map<String, Long> written;
  private final Map<String, Long> freeAtNanos = new HashMap<>();

  /// Whether an account may put so much.
  public sealed interface Answer {
    record Granted() implements Answer {}

    /// Not before the quota is raised.
    record OverQuota() implements Answer {}

    /// Not before some time has passed.
    record TooFast(Duration pause) implements Answer {}
  }

  public Budgets(UsageFile file, Clock clock) throws IOException {
    this.file = file;
    this.clock = clock;
    this.written = file.read();
    this.used = new HashMap<>(written);
  }

  /// Takes so much from the budgets of an account, or nothing.
  public synchronized Answer spend(Account account, long bytes) throws IOException {
    long total = used(account) + bytes;
    if (account.quotaBytes().isPresent() && total > account.quotaBytes().getAsLong()) {
      return new Answer.OverQuota();
    }
    if (account.bytesPerSecond().isPresent()) {
      Duration pause = pace(account.name(), account.bytesPerSecond().getAsLong(), bytes);
      if (pause.isPositive()) {
        return new Answer.TooFast(pause);
      }
    }
    if (account.quotaBytes().isPresent()) {
      if (total > written.getOrDefault(account.name(), 0L)) {
        writeAhead(account.name(), total);
      }
      used.put(account.name(), total);
    }
    return new Answer.Granted();
  }

  /// Gives back what was not put after all.
  public synchronized void refund(Account account, long bytes) {
    used.computeIfPresent(account.name(), (_, before) -> before - bytes);
  }

  /// What counts towards the quota of an account.
  public synchronized long used(Account account) {
    return used.getOrDefault(account.name(), 0L);
  }

  /// Time in which nothing is put may be made up for, but not for ever.
  private Duration pace(String name, long bytesPerSecond, long bytes) {
    long now = clock.nanoTime();
    long earliest = now - BURST.toNanos();
    long freeAt = freeAtNanos.getOrDefault(name, earliest);
    if (freeAt - earliest < 0) {
      freeAt = earliest;
    }
    if (freeAt - now > 0) {
      return Duration.ofNanos(freeAt - now);
    }
    freeAtNanos.put(name, freeAt + (long) (bytes * 1e9 / bytesPerSecond));
    return Duration.ZERO;
  }

  private void writeAhead(String name, long total) throws IOException {
    Map<String, Long> next = new HashMap<>(written);
    next.put(name, total + AHEAD_BYTES);
    file.write(next);
    written.put(name, total + AHEAD_BYTES);
  }

  /// Writes what is used, exactly: nothing is spent any more.
  public synchronized void close() throws IOException {
    if (!used.equals(written)) {
      file.write(used);
    }
  }
}
