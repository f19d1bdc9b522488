package eris.cli;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.store.BlockStore;
import eris.stores.Clock;
import eris.stores.Pace;
import eris.stores.Scrub;
import eris.stores.StoreUrl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `eris store scrub`.
@Command(
    name = "scrub",
    description = "Verify every block of a local store, and heal or take out of use what is bad.",
    footer =
        "%nA block whose copy is bad counts as not held until it is put again. The store may be in use. "
            + "Interrupted, even by kill -9, the next scrub goes on where this one was, and the one "
            + "after that begins at the beginning.")
final class StoreScrubCommand extends ErisCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "STORE_URL",
      description = "The store: dir:, rocksdb: or volume:. Default: the embedded store.")
  String store = "";

  @Option(
      names = "--heal",
      paramLabel = "URL",
      description =
          "Fetch what is bad from this store, which need not be trusted. Several are asked in order.")
  List<String> healers = new ArrayList<>();

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Read no more than N bytes a second, as in 20MiB.",
      converter = SizeConverter.class)
  long rate = Long.MAX_VALUE;

  private long blocks;
  private long healed;

  @Override
  void run(Io io) throws Exception {
    if (rate < 1) {
      throw new Failure(ExitCode.USAGE, "--rate must be at least 1");
    }
    var stores = new Stores(io, common.quiet);
    StoreUrl url = stores.parse(store);
    var report = new CorruptReport(io, common.json);
    try (var donors = new OpenStores();
        BlockStore reading = stores.openForReading(url);
        var progress = new Progress(io, common.quiet)) {
      List<Scrub.Healer> named = new ArrayList<>();
      for (String healer : healers) {
        StoreUrl donor = StoreUrl.parse(healer);
        named.add(new Scrub.Healer(donor.toString(), donors.add(stores.openForReading(donor))));
      }
      var scrub =
          new Scrub(
              Stores.scrubbable(reading, url),
              () -> stores.openForCare(url),
              named,
              stores.scrubCursor(reading, url),
              Pace.of(rate, Clock.SYSTEM),
              Clock.SYSTEM,
              listener(io, report, progress));
      boolean resumed = scrub.run();
      print(io, resumed, report.left());
    }
    report.requireNone("%d blocks are corrupt: put them again, or scrub with --heal URL");
  }

  private Scrub.Listener listener(Io io, CorruptReport report, Progress progress) {
    return new Scrub.Listener() {
      @Override
      public void sound(BlockSize size) {
        blocks++;
        progress.advance(size.bytes());
      }

      @Override
      public void corrupt(CorruptBlock corrupt, String place, Scrub.Cure cure) throws IOException {
        blocks++;
        healed += cure instanceof Scrub.Cure.Healed ? 1 : 0;
        boolean cured = cure instanceof Scrub.Cure.Healed || cure instanceof Scrub.Cure.Sound;
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("place", place);
        fields.put("cure", describe(cure));
        report.add(corrupt, cured, ", in %s; %s".formatted(place, describe(cure)), fields);
      }

      @Override
      public void healerFailed(Scrub.Healer healer, IOException failure) {
        io.warn("%s does not heal: %s".formatted(healer.name(), Failures.of(failure).line()));
      }
    };
  }

  private static String describe(Scrub.Cure cure) {
    return switch (cure) {
      case Scrub.Cure.Healed(String from) -> "healed from " + from;
      case Scrub.Cure.SetAside _ -> "set aside";
      case Scrub.Cure.Sound _ -> "sound by now";
      case Scrub.Cure.Left(var reason) -> "left there: " + Failures.of(reason).line();
    };
  }

  private void print(Io io, boolean resumed, long corrupt) throws IOException {
    if (common.json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("blocks", blocks);
      fields.put("healed", healed);
      fields.put("corrupt", corrupt);
      fields.put("resumed", resumed);
      io.println(Json.line(fields));
    } else {
      io.println(
          "%d blocks verified%s, %d healed, %d are corrupt"
              .formatted(blocks, resumed ? " (the rest of a scrub)" : "", healed, corrupt));
    }
  }
}
