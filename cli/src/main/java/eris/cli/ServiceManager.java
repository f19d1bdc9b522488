package eris.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Who started the daemon and wants to know how it does: systemd, told by `sd_notify(3)`, and asked for
/// sockets that it listens at already (`sd_listen_fds(3)`). Where nobody asked to be told, this does
/// nothing.
final class ServiceManager implements AutoCloseable {
  private static final int FIRST_DESCRIPTOR = 3;

  private final Optional<NotifySocket> socket;
  private final Optional<Duration> watchdog;
  private final Optional<Integer> listener;
  private @Nullable ScheduledExecutorService beats;

  private ServiceManager(
      Optional<NotifySocket> socket, Optional<Duration> watchdog, Optional<Integer> listener) {
    this.socket = socket;
    this.watchdog = watchdog;
    this.listener = listener;
  }

  /// The one that the environment tells of.
  ///
  /// @param pid of this process: what is meant for another one does not count
  static ServiceManager of(Io io, long pid) throws IOException, Failure {
    Optional<String> address = io.variable("NOTIFY_SOCKET");
    return new ServiceManager(
        address.isPresent() ? Optional.of(new NotifySocket(address.get())) : Optional.empty(),
        watchdog(io, pid),
        listener(io, pid));
  }

  private static Optional<Duration> watchdog(Io io, long pid) {
    boolean isMeant = io.variable("WATCHDOG_PID").map(String.valueOf(pid)::equals).orElse(true);
    return io.variable("WATCHDOG_USEC")
        .filter(micros -> isMeant && micros.matches("[1-9]\\d{0,17}"))
        .map(micros -> Duration.of(Long.parseLong(micros), ChronoUnit.MICROS));
  }

  private static Optional<Integer> listener(Io io, long pid) throws IOException, Failure {
    boolean isMeant = io.variable("LISTEN_PID").map(String.valueOf(pid)::equals).orElse(false);
    Optional<String> count = io.variable("LISTEN_FDS").filter(_ -> isMeant);
    if (count.isPresent() && !count.get().equals("1")) {
      throw new Failure(
          ExitCode.USAGE,
          "systemd listens at %s sockets for eris".formatted(count.get()),
          "want one ListenStream= in the socket unit, for HTTP");
    }
    if (count.isEmpty()) {
      return Optional.empty();
    }
    Libc.makeNonBlocking(FIRST_DESCRIPTOR);
    return Optional.of(FIRST_DESCRIPTOR);
  }

  /// The descriptor of a socket that listens for HTTP, if there is one.
  Optional<Integer> listener() {
    return listener;
  }

  /// The daemon serves.
  void ready(String status) {
    notify("READY=1\nSTATUS=" + status);
  }

  /// It reads its settings anew, until it is ready again.
  void reloading() {
    notify("RELOADING=1\nMONOTONIC_USEC=%d".formatted(System.nanoTime() / 1000));
  }

  /// It ends.
  void stopping() {
    notify("STOPPING=1\nSTATUS=Answering what is under way");
  }

  /// From now on tells it that the daemon is alive, twice in the time that it waits for that, as long
  /// as that is so.
  void watch(BooleanSupplier isAlive) {
    if (socket.isEmpty() || watchdog.isEmpty()) {
      return;
    }
    long periodNanos = watchdog.get().toNanos() / 2;
    beats =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("eris-watchdog").factory());
    var _ =
        beats.scheduleAtFixedRate(
            () -> {
              if (isAlive.getAsBoolean()) {
                notify("WATCHDOG=1");
              }
            },
            periodNanos,
            periodNanos,
            TimeUnit.NANOSECONDS);
  }

  private void notify(String text) {
    socket.ifPresent(to -> to.send(text));
  }

  @Override
  public void close() {
    if (beats != null) {
      beats.close();
    }
    socket.ifPresent(NotifySocket::close);
  }
}
