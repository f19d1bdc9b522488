package eris.stores.sync;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;

/// A session between two stores of one process: both sides, and two pipes.
public final class LocalSession {
  private LocalSession() {}

  /// @param ours the side that begins
  /// @return what it saw
  /// @throws IOException what ended a side that failed by itself
  public static SyncResult run(
      SyncedStore ours, SyncedStore theirs, Set<Direction> directions, RandomGenerator random)
      throws IOException {
    return run(ours, theirs, directions, Narrowing.DEFAULT, random);
  }

  /// @param narrowing other than [Narrowing#DEFAULT], to measure
  public static SyncResult run(
      SyncedStore ours,
      SyncedStore theirs,
      Set<Direction> directions,
      Narrowing narrowing,
      RandomGenerator random)
      throws IOException {
    Pipe there = Pipe.open();
    Pipe back = Pipe.open();
    var answers = new FutureTask<>(answering(theirs, directions, there, back));
    Thread.ofPlatform().daemon().name("eris-sync").start(answers);
    try (InputStream in = Channels.newInputStream(back.source());
        OutputStream out = Channels.newOutputStream(there.sink());
        var initiator = new Initiator(ours, directions, narrowing, random, in, out)) {
      return initiator.run();
    } catch (IOException e) {
      there.sink().close();
      back.source().close();
      throw failureOf(answers).orElse(e);
    }
  }

  private static Callable<SyncResult> answering(
      SyncedStore store, Set<Direction> directions, Pipe there, Pipe back) {
    return () -> {
      try (InputStream in = Channels.newInputStream(there.source());
          OutputStream out = Channels.newOutputStream(back.sink())) {
        return new Responder(store, directions, in, out).run();
      }
    };
  }

  /// What made the other side fail, if it was not that this one had.
  private static Optional<IOException> failureOf(FutureTask<SyncResult> answers)
      throws IOException {
    try {
      answers.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return e.getCause() instanceof IOException failure && !(failure instanceof PeerGone)
          ? Optional.of(failure)
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while synchronising");
    }
  }
}
