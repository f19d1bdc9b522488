package eris.cli;

import eris.store.BlockStore;
import eris.stores.MalformedStoreUrl;
import eris.stores.Right;
import eris.stores.StoreUrl;
import eris.stores.daemon.SyncConnection;
import eris.stores.sync.Direction;
import eris.stores.sync.HaveFile;
import eris.stores.sync.Initiator;
import eris.stores.sync.LocalSession;
import eris.stores.sync.PeerGone;
import eris.stores.sync.Responder;
import eris.stores.sync.SyncListener;
import eris.stores.sync.SyncResult;
import eris.stores.sync.SyncedStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.Set;

/// Moves blocks between the local store and another one, in this process, behind a command or served
/// by a daemon.
final class StoreSession {
  private final Io io;
  private final CommonOptions common;
  private final Stores stores;
  private final StoreUrl local;

  /// @param storage names the local store
  StoreSession(Io io, CommonOptions common, StoreOptions storage)
      throws MalformedStoreUrl, Failure {
    this.io = io;
    this.common = common;
    this.stores = new Stores(io, common.quiet);
    this.local = stores.local(storage.named(io));
  }

  /// Opens the local store.
  BlockStore open(Set<Right> needed) throws IOException, Failure {
    return stores.open(local, needed);
  }

  /// @param store opened by [#open]
  SyncedStore synced(BlockStore store, SyncListener listener) throws Failure {
    return new SyncedStore(store, Stores.inventory(store, local), listener);
  }

  /// Runs a session and prints what it did.
  void run(PeerOptions peer, Set<Direction> directions)
      throws IOException, MalformedStoreUrl, Failure {
    try (var report = new SyncReport(io, common, SyncReport.Output.RESULT)) {
      if (peer.command.isPresent()) {
        connect(peer.command.get(), directions, report);
      } else {
        StoreUrl other = StoreUrl.parse(peer.store.orElseThrow());
        report.finish(
            other instanceof StoreUrl.Http http
                ? talk(http, directions, report)
                : runHere(other, directions, report));
      }
    }
  }

  /// Talks to a daemon.
  private SyncResult talk(StoreUrl.Http daemon, Set<Direction> directions, SyncReport report)
      throws IOException, Failure {
    TlsEnvironment.prepare(io, daemon.base());
    try (BlockStore here = open(needed(directions, Direction.PUSH, Direction.PULL));
        var connection =
            SyncConnection.open(daemon.base(), ServerTokens.of(io).token(daemon.base()));
        var initiator =
            new Initiator(
                synced(here, report.ours()),
                directions,
                io.random().get(),
                connection.in(),
                connection.out())) {
      return initiator.run();
    }
  }

  /// Answers one session on standard input and output, as far as the rights of the store go.
  void serve() throws IOException, Failure {
    try (BlockStore store = open(local.rights());
        var report = new SyncReport(io, common, SyncReport.Output.BLOCKS)) {
      Set<Direction> allowed = EnumSet.noneOf(Direction.class);
      if (local.rights().contains(Right.GET)) {
        allowed.add(Direction.PULL);
      }
      if (local.rights().contains(Right.PUT)) {
        allowed.add(Direction.PUSH);
      }
      var served = synced(store, report.ours());
      report.finish(new Responder(served, allowed, io.in(), io.out()).run());
    }
  }

  /// Writes what the local store holds.
  void list(OutputStream out) throws IOException, Failure {
    try (BlockStore store = open(Set.of(Right.GET))) {
      HaveFile.write(Stores.inventory(store, local), io.random().get(), out);
    }
  }

  private SyncResult runHere(StoreUrl other, Set<Direction> directions, SyncReport report)
      throws IOException, Failure {
    try (BlockStore here = open(needed(directions, Direction.PUSH, Direction.PULL));
        BlockStore there = stores.open(other, needed(directions, Direction.PULL, Direction.PUSH))) {
      var theirs = new SyncedStore(there, Stores.inventory(there, other), report.theirs());
      return LocalSession.run(synced(here, report.ours()), theirs, directions, io.random().get());
    }
  }

  private void connect(String command, Set<Direction> directions, SyncReport report)
      throws IOException, Failure {
    try (BlockStore here = open(needed(directions, Direction.PUSH, Direction.PULL))) {
      SyncedStore ours = synced(here, report.ours());
      Process process =
          new ProcessBuilder("sh", "-c", command)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        SyncResult result = talk(ours, directions, process);
        await(process); // it closes its store
        report.finish(result);
      } catch (PeerGone e) {
        throw new Failure(
            ExitCode.FAILED,
            "%s: the command ended with %d".formatted(e.getMessage(), await(process)),
            "what arrived is kept: the same command goes on");
      } finally {
        process.destroy(); // unless it has ended
      }
      int exitCode = await(process);
      if (exitCode != 0) {
        throw new Failure(ExitCode.FAILED, "the command ended with %d".formatted(exitCode));
      }
    }
  }

  private SyncResult talk(SyncedStore ours, Set<Direction> directions, Process process)
      throws IOException {
    try (InputStream in = process.getInputStream();
        OutputStream out = process.getOutputStream();
        var initiator = new Initiator(ours, directions, io.random().get(), in, out)) {
      return initiator.run();
    }
  }

  private static int await(Process process) throws InterruptedIOException {
    try {
      return process.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private static Set<Right> needed(Set<Direction> directions, Direction get, Direction put) {
    Set<Right> rights = EnumSet.noneOf(Right.class);
    if (directions.contains(get)) {
      rights.add(Right.GET);
    }
    if (directions.contains(put)) {
      rights.add(Right.PUT);
    }
    return rights;
  }
}
