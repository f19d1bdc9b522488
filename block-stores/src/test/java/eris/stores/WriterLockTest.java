package eris.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.store.StoreException;
import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterLockTest {
  private final List<String> told = new ArrayList<>();
  private final Writer writer = Writer.named("eris").telling(told::add);
  private final String self = "eris (process " + ProcessHandle.current().pid() + ")";

  @TempDir Path directory;

  /// Moves on by what others sleep, and at a given time does something.
  private static final class FakeClock implements Clock {
    private final Runnable event;
    private final long eventNanos;
    private long now;
    private boolean happened;

    FakeClock(Duration eventTime, Runnable event) {
      this.eventNanos = eventTime.toNanos();
      this.event = event;
    }

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void pause(Duration duration) {
      now += duration.toNanos();
      if (now >= eventNanos && !happened) {
        happened = true;
        event.run();
      }
    }
  }

  @Test
  void fileNamesTheHolder() throws IOException {
    try (WriterLock _ = WriterLock.acquire(directory, writer)) {
      assertThat(told).isEmpty();
    }
    assertThat(directory.resolve("writer.lock")).hasContent(self);
  }

  @Test
  void secondWriterWaitsUntilTheFirstIsDone() throws IOException {
    WriterLock first = WriterLock.acquire(directory, writer);
    var clock = new FakeClock(Duration.ofSeconds(29), () -> close(first));
    try (WriterLock _ = WriterLock.acquire(directory, writer, clock)) {
      assertThat(clock.nanoTime()).isEqualTo(Duration.ofSeconds(29).toNanos());
    }
    assertThat(told).containsExactly(self);
  }

  @Test
  void patienceEndsAfterThirtySeconds() throws IOException {
    var clock = new FakeClock(Duration.ofDays(1), () -> {});
    try (WriterLock _ = WriterLock.acquire(directory, writer)) {
      assertThatThrownBy(() -> WriterLock.acquire(directory, writer, clock))
          .isInstanceOf(StoreException.Busy.class)
          .hasMessageContaining("is being written by " + self);
    }
    assertThat(clock.nanoTime()).isEqualTo(Duration.ofSeconds(30).toNanos());
    assertThat(told).containsExactly(self);
  }

  @Test
  void otherPathToTheSameDirectoryIsTheSameLock() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
    Writer hasty = writer.withPatience(Duration.ZERO);
    try (WriterLock _ = WriterLock.acquire(directory, writer)) {
      assertThatThrownBy(() -> WriterLock.acquire(link, hasty))
          .isInstanceOf(StoreException.Busy.class);
    }
  }

  /// POSIX would drop the lock as soon as this process closes the file a second time.
  @Test
  void refusedWriterDoesNotFreeTheLockForOtherProcesses() throws Exception {
    Writer hasty = writer.withPatience(Duration.ZERO);
    try (WriterLock _ = WriterLock.acquire(directory, writer)) {
      assertThatThrownBy(() -> WriterLock.acquire(directory, hasty))
          .isInstanceOf(StoreException.Busy.class);
      assertThat(otherProcess()).startsWith("refused: ").endsWith(" by " + self);
    }
    assertThat(otherProcess()).isEqualTo("locked");
  }

  @Test
  void killedHolderLeavesNothingLocked() throws Exception {
    Process holder = child("hold").start();
    try (var out = holder.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("locked");
      assertThatThrownBy(() -> WriterLock.acquire(directory, writer.withPatience(Duration.ZERO)))
          .hasMessageEndingWith("is being written by other (process " + holder.pid() + ")");
    } finally {
      holder.destroyForcibly().waitFor();
    }
    WriterLock.acquire(directory, writer.withPatience(Duration.ZERO)).close();
  }

  private String otherProcess() throws IOException, InterruptedException {
    Process process = child("try").start();
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      process.waitFor();
      return line;
    }
  }

  private ProcessBuilder child(String action) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = classPathOf(WriterLockChild.class, WriterLock.class, StoreException.class);
    return new ProcessBuilder(
            java,
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            WriterLockChild.class.getName(),
            directory.toString(),
            action)
        .redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private static String classPathOf(Class<?>... classes) {
    List<String> paths = new ArrayList<>();
    for (Class<?> type : classes) {
      paths.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()) + "");
    }
    paths.add(Path.of("target", "test-classes").toAbsolutePath().toString());
    return String.join(File.pathSeparator, paths);
  }

  private static void close(WriterLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Only a socket where somebody answers is asked; one that a killed daemon left is waited for.
  @Test
  void aDaemonsSocketIsToldToWhoAsksForIt() throws IOException {
    Path socket = directory.resolve("socket");
    Writer daemon = Writer.named("eris serve").listeningAt(socket);
    Writer hasty = writer.withPatience(Duration.ZERO);
    try (WriterLock _ = WriterLock.acquire(directory, daemon)) {
      assertThat(directory.resolve("writer.lock"))
          .hasContent(self.replace("eris (", "eris serve (") + "\nsocket " + socket);
      assertThatThrownBy(() -> WriterLock.acquire(directory, hasty.askingDaemons()))
          .isInstanceOf(StoreException.Busy.class);
      try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        listener.bind(UnixDomainSocketAddress.of(socket));
        assertThatThrownBy(() -> WriterLock.acquire(directory, hasty.askingDaemons()))
            .isInstanceOfSatisfying(
                HeldByDaemon.class, held -> assertThat(held.socket()).isEqualTo(socket));
        assertThatThrownBy(() -> WriterLock.acquire(directory, hasty))
            .isInstanceOf(StoreException.Busy.class)
            .hasMessageContaining("eris serve (process ");
      }
      assertThatThrownBy(() -> WriterLock.acquire(directory, hasty.askingDaemons()))
          .isInstanceOf(StoreException.Busy.class);
    }
    WriterLock.acquire(directory, hasty.askingDaemons()).close();
    assertThat(directory.resolve("writer.lock")).hasContent(self);
  }
}
