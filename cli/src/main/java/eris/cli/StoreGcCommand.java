package eris.cli;

import eris.retention.AccountId;
import eris.store.CollectableStore;
import eris.store.Retention;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `eris store gc`.
@Command(
    name = "gc",
    description = "Remove from a volume what nobody wants.",
    footer = {
      "%nIf there are pins, it first tells the store what they need, and fails if the store does not "
          + "have all of that. What is in no live set of any account then goes to the trash, where "
          + "it can still be read; what a collection before had put there, and still nobody wants, "
          + "is removed.",
      "%nWithout a live set in the store nothing is collected: nothing says what to keep."
    })
final class StoreGcCommand extends ErisCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "STORE_URL",
      description = "The store: volume:. Default: the embedded store.")
  String store = "";

  @Mixin PinOptions pins = new PinOptions();

  @Option(names = "--no-pins", description = "Use only what is published in the store already.")
  boolean noPins;

  @Option(names = "--dry-run", description = "Change nothing, and tell what would go.")
  boolean dryRun;

  @Option(
      names = "--expire",
      paramLabel = "ACCOUNT",
      description = "Forget what this account wants kept, for good. Repeatable.",
      converter = AccountConverter.class)
  List<AccountId> expired = new ArrayList<>();

  @Option(
      names = "--max-share",
      paramLabel = "P",
      description = "Ask before more than P percent of the store go; default 10.")
  int maxShare = 10;

  @Option(names = "--yes", description = "Do not ask, however much goes.")
  boolean yes;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Remove no more than N bytes a second, as in 20MiB.",
      converter = SizeConverter.class)
  long rate = Long.MAX_VALUE;

  @Override
  void run(Io io) throws Exception {
    if (rate < 1 || maxShare < 0 || maxShare > 100) {
      throw new Failure(ExitCode.USAGE, "--rate must be at least 1, --max-share 0 to 100");
    }
    var stores = new Stores(io, common.quiet);
    try (CollectableStore opened = stores.openForCollection(stores.parse(store))) {
      collect(opened, io);
    }
  }

  /// Collects a store that is open.
  void collect(CollectableStore opened, Io io) throws IOException, Failure {
    if (opened.retention().mode() == Retention.Mode.ARCHIVE) {
      throw new Failure(
          ExitCode.REFUSED,
          "the store is an archive: nothing is removed from it",
          ("to change that: eris store mode leased " + store).strip());
    }
    new GcRun(this, opened, io).go();
  }
}
