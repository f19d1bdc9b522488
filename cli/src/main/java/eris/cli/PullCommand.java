package eris.cli;

import eris.store.BlockStore;
import eris.stores.Right;
import eris.stores.sync.BlockFile;
import eris.stores.sync.Direction;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `eris pull`.
@Command(
    name = "pull",
    description = "Fetch from another store what the local one lacks.",
    footer =
        "%nThe local store (--store) receives, verifies and keeps what the other one holds and it does "
            + "not; when the command ends, that is durable. Corrupt blocks are told and left out. After "
            + "an interruption, the same command goes on. Of a file of blocks that was cut, what is whole "
            + "is kept before the command fails.")
final class PullCommand extends ErisCommand {
  @Mixin PeerOptions peer = new PeerOptions();

  @Mixin StoreOptions storage = new StoreOptions();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "Instead of STORE: take the blocks from here, written by eris push --file; - is standard input.")
  Optional<String> file = Optional.empty();

  @Option(
      names = "--have",
      paramLabel = "FILE",
      description =
          "Instead of all that: list here what the local store holds, for eris push --have; - is standard output.")
  Optional<String> have = Optional.empty();

  @Override
  void run(Io io) throws Exception {
    PeerOptions.requireOne(
        "STORE, --connect, --file and --have", peer.store, peer.command, file, have);
    var session = new StoreSession(io, common, storage);
    if (file.isPresent()) {
      readFile(session, file.get(), io);
    } else if (have.isEmpty()) {
      session.run(peer, Set.of(Direction.PULL));
    } else if (have.get().equals("-")) {
      session.list(io.out());
    } else {
      try (OutputFile output = OutputFile.create(Path.of(have.get()))) {
        session.list(Channels.newOutputStream(output.channel()));
        output.commit();
      }
    }
  }

  private void readFile(StoreSession session, String name, Io io) throws IOException, Failure {
    try (var report = new SyncReport(io, common, SyncReport.Output.RESULT);
        ContentFile blocks = ContentFile.open(name, io);
        BlockStore store = session.open(Set.of(Right.PUT))) {
      report.finish(
          BlockFile.read(
              Channels.newInputStream(blocks.channel()), session.synced(store, report.ours())));
    }
  }
}
