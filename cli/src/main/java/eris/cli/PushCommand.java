package eris.cli;

import eris.store.BlockStore;
import eris.stores.Right;
import eris.stores.sync.BlockFile;
import eris.stores.sync.Direction;
import eris.stores.sync.SyncResult;
import eris.stores.sync.SyncedStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `eris push`.
@Command(
    name = "push",
    description = "Send what another store lacks.",
    footer =
        "%nThe other store receives, verifies and keeps what the local one (--store) holds and it does "
            + "not; when the command ends, that is durable. Corrupt blocks are told and left out. After "
            + "an interruption, the same command goes on. A file of blocks, for removable media, is read "
            + "by eris pull --file; it appears whole or not at all.")
final class PushCommand extends ErisCommand {
  @Mixin PeerOptions peer = new PeerOptions();

  @Mixin StoreOptions storage = new StoreOptions();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Instead of STORE: write the blocks here; - is standard output.")
  Optional<String> file = Optional.empty();

  @Option(
      names = "--have",
      paramLabel = "FILE",
      description = "With --file: leave out what is listed here, written by eris pull --have.")
  Optional<String> have = Optional.empty();

  @Override
  void run(Io io) throws Exception {
    PeerOptions.requireOne("STORE, --connect and --file", peer.store, peer.command, file);
    if (have.isPresent() && file.isEmpty()) {
      throw new Failure(ExitCode.USAGE, "--have goes with --file");
    }
    var session = new StoreSession(io, common, storage);
    if (file.isEmpty()) {
      session.run(peer, Set.of(Direction.PUSH));
    } else if (file.get().equals("-")) {
      try (var report = new SyncReport(io, common, SyncReport.Output.BLOCKS)) {
        report.finish(write(session, report, io, io.out()));
      }
    } else {
      writeFile(session, Path.of(file.get()), io);
    }
  }

  private void writeFile(StoreSession session, Path path, Io io) throws IOException, Failure {
    try (var report = new SyncReport(io, common, SyncReport.Output.RESULT);
        OutputFile output = OutputFile.create(path)) {
      SyncResult result = write(session, report, io, Channels.newOutputStream(output.channel()));
      output.commit();
      report.finish(result);
    }
  }

  private SyncResult write(StoreSession session, SyncReport report, Io io, OutputStream out)
      throws IOException, Failure {
    try (BlockStore store = session.open(Set.of(Right.GET))) {
      SyncedStore from = session.synced(store, report.ours());
      if (have.isEmpty()) {
        return BlockFile.write(from, Optional.empty(), io.random().get(), out);
      }
      try (ContentFile list = ContentFile.open(have.get(), io)) {
        InputStream held = Channels.newInputStream(list.channel());
        return BlockFile.write(from, Optional.of(held), io.random().get(), out);
      }
    }
  }
}
