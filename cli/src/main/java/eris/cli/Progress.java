package eris.cli;

import eris.image.tree.ClosureReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// One line on a terminal that tells how far a long operation is: bytes, rate, time left. Appears
/// after half a second, redraws ten times a second, and is gone when the operation ends.
final class Progress implements AutoCloseable {
  private static final long FIRST_NANOS = 500_000_000;
  private static final long INTERVAL_NANOS = 100_000_000;
  private static final String CLEAR_LINE = "\r\033[K";

  private final PrintStream terminal;
  private final boolean shown;
  private final LongSupplier nanoTime;
  private final long started;
  private OptionalLong total = OptionalLong.empty();
  private long done;
  private long nextDraw;
  private boolean drawn;

  Progress(Io io, boolean quiet) {
    this.terminal = io.err();
    this.shown = io.errIsTerminal() && !quiet;
    this.nanoTime = io.nanoTime();
    this.started = nanoTime.getAsLong();
    this.nextDraw = started + FIRST_NANOS;
  }

  /// More will come, as far as is known.
  void expect(long bytes) {
    total = OptionalLong.of(total.orElse(0) + bytes);
  }

  /// Bytes so far.
  long done() {
    return done;
  }

  void advance(long bytes) {
    done += bytes;
    if (!shown) {
      return;
    }
    long now = nanoTime.getAsLong();
    if (now - nextDraw >= 0) {
      nextDraw = now + INTERVAL_NANOS;
      terminal.print(CLEAR_LINE + line(now - started));
      terminal.flush();
      drawn = true;
    }
  }

  private String line(long elapsedNanos) {
    double rate = done / (elapsedNanos / 1e9);
    String text = Bytes.format(done) + ", " + Bytes.format((long) rate) + "/s";
    if (total.isEmpty() || total.getAsLong() < done) {
      return text;
    }
    long secondsLeft = (long) ((total.getAsLong() - done) / Math.max(rate, 1));
    return String.format(
        Locale.ROOT,
        "%s of %s (%d %%), %d:%02d left",
        text,
        Bytes.format(total.getAsLong()),
        total.getAsLong() == 0 ? 100 : 100 * done / total.getAsLong(),
        secondsLeft / 60,
        secondsLeft % 60);
  }

  /// What a reader of several threads tells.
  ClosureReader.Listener listener() {
    return new ClosureReader.Listener() {
      @Override
      public synchronized void expect(long bytes) {
        Progress.this.expect(bytes);
      }

      @Override
      public synchronized void advance(long bytes) {
        Progress.this.advance(bytes);
      }
    };
  }

  /// Passes `content` on and counts it.
  ReadableByteChannel counting(ReadableByteChannel content) {
    return new ReadableByteChannel() {
      @Override
      public int read(ByteBuffer target) throws IOException {
        int count = content.read(target);
        advance(Math.max(count, 0));
        return count;
      }

      @Override
      public boolean isOpen() {
        return content.isOpen();
      }

      @Override
      public void close() throws IOException {
        content.close();
      }
    };
  }

  @Override
  public void close() {
    if (drawn) {
      terminal.print(CLEAR_LINE);
      terminal.flush();
    }
  }
}
