package eris.cli;

import eris.stores.sync.Direction;
import java.util.EnumSet;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `eris sync`.
@Command(
    name = "sync",
    description = "Give two stores what the other one holds, both ways.",
    footer =
        "%nIn the end both hold, durably, what one of them did. Corrupt blocks are told and left out. "
            + "After an interruption, the same command goes on. Who may talk to --serve can list the "
            + "store, read it (unless it has no ?get) and add to it (unless it has no ?put).")
final class SyncCommand extends ErisCommand {
  @Mixin PeerOptions peer = new PeerOptions();

  @Mixin StoreOptions storage = new StoreOptions();

  @Option(
      names = "--serve",
      description =
          "Be the other side of eris push, pull or sync --connect, on standard input and output.")
  boolean serve;

  @Override
  void run(Io io) throws Exception {
    PeerOptions.requireOne(
        "STORE, --connect and --serve",
        peer.store,
        peer.command,
        serve ? Optional.of(true) : Optional.empty());
    var session = new StoreSession(io, common, storage);
    if (serve) {
      session.serve();
    } else {
      session.run(peer, EnumSet.allOf(Direction.class));
    }
  }
}
