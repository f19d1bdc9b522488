package eris.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What systemd is told, word by word.
@Timeout(60)
final class ServiceManagerTest {
  private static final long PID = 4711;

  @TempDir Path directory;

  private static ServiceManager manager(Map<String, String> environment) throws Exception {
    var io =
        new Io(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            new PrintStream(OutputStream.nullOutputStream()),
            "",
            environment,
            () -> new Random(1),
            () -> 0);
    return ServiceManager.of(io, PID);
  }

  @Test
  void tellsTheLifeOfADaemonOverASocketOfEitherKind() throws Exception {
    for (String name : new String[] {directory.resolve("notify").toString(), "@eris-" + PID}) {
      try (var receiver = new Receiver(name);
          var manager = manager(Map.of("NOTIFY_SOCKET", name))) {
        manager.ready("Serving at http://127.0.0.1:8080");
        assertThat(receiver.next()).isEqualTo("READY=1\nSTATUS=Serving at http://127.0.0.1:8080");
        long before = System.nanoTime() / 1000;
        manager.reloading();
        String reloading = receiver.next();
        assertThat(reloading).matches("RELOADING=1\nMONOTONIC_USEC=\\d+");
        assertThat(Long.parseLong(reloading.substring(reloading.lastIndexOf('=') + 1)))
            .isBetween(before, System.nanoTime() / 1000);
        manager.stopping();
        assertThat(receiver.next()).startsWith("STOPPING=1\n");
      }
    }
  }

  @Test
  void theWatchdogIsFedAsLongAsTheDaemonLives() throws Exception {
    var alive = new AtomicBoolean();
    try (var receiver = new Receiver("@eris-watchdog-" + PID);
        var manager =
            manager(
                Map.of(
                    "NOTIFY_SOCKET",
                    "@eris-watchdog-" + PID,
                    "WATCHDOG_USEC",
                    "20000",
                    "WATCHDOG_PID",
                    String.valueOf(PID)))) {
      manager.watch(
          () -> {
            if (!alive.getAndSet(true)) {
              manager.ready("asked, and not alive"); // so nothing else is sent before
              return false;
            }
            return true;
          });
      assertThat(receiver.next()).startsWith("READY=1");
      assertThat(receiver.next()).isEqualTo("WATCHDOG=1");
      assertThat(receiver.next()).isEqualTo("WATCHDOG=1");
    }
  }

  @Test
  void withoutAManagerNothingIsToldAndWhatIsMeantForOthersDoesNotCount() throws Exception {
    try (var manager = manager(Map.of("LISTEN_PID", "1", "LISTEN_FDS", "1"))) {
      manager.ready("nobody hears");
      assertThat(manager.listener()).isEmpty();
    }
    String pid = String.valueOf(PID);
    assertThatThrownBy(() -> manager(Map.of("LISTEN_PID", pid, "LISTEN_FDS", "2")))
        .hasMessageContaining("listens at 2 sockets");
    assertThatThrownBy(() -> manager(Map.of("NOTIFY_SOCKET", "vsock:1:2")))
        .hasMessageContaining("no address of a Unix socket");
    assertThatThrownBy(() -> manager(Map.of("NOTIFY_SOCKET", "/" + "x".repeat(107))))
        .hasMessageContaining("no address of a Unix socket");
  }

  @Test
  void aManagerThatHasGoneIsNoTrouble() throws Exception {
    try (var manager = manager(Map.of("NOTIFY_SOCKET", directory + "/nobody"))) {
      manager.ready("nobody hears");
    }
  }

  /// The other end, at a path or `@name`.
  private static final class Receiver implements AutoCloseable {
    private final int socket;

    Receiver(String name) throws IOException {
      var create =
          Libc.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
      var bind =
          Libc.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
      byte[] path = name.getBytes(StandardCharsets.UTF_8);
      path[0] = path[0] == '@' ? 0 : path[0];
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment address = arena.allocate(2 + path.length);
        address.set(JAVA_SHORT_UNALIGNED, 0, (short) 1);
        MemorySegment.copy(path, 0, address, JAVA_BYTE, 2, path.length);
        socket = (int) create.invokeExact(1, 2, 0);
        assertThat((int) bind.invokeExact(socket, address, (int) address.byteSize())).isZero();
      } catch (Throwable e) {
        throw Libc.unexpected(e);
      }
    }

    String next() {
      var recv =
          Libc.function(
              "recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment message = arena.allocate(4096);
        long bytes = (long) recv.invokeExact(socket, message, message.byteSize(), 0);
        return new String(message.asSlice(0, bytes).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
      } catch (Throwable e) {
        throw Libc.unexpected(e);
      }
    }

    @Override
    public void close() {
      try {
        int _ =
            (int)
                Libc.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                    .invokeExact(socket);
      } catch (Throwable e) {
        throw Libc.unexpected(e);
      }
    }
  }
}
