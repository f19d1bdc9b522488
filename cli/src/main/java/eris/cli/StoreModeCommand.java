package eris.cli;

import eris.store.Retention;
import eris.stores.VolumePath;
import eris.stores.Volumes;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `eris store mode`.
@Command(
    name = "mode",
    description = {
      "Change what a volume may remove, and how much it may hold.",
      "archive keeps everything, leased what somebody wants, a cache what was asked for of late."
    },
    footer = "%nNothing is removed by this command. Prints what eris store stat does.")
final class StoreModeCommand extends ErisCommand {
  @Parameters(
      index = "0",
      paramLabel = "MODE",
      converter = ModeConverter.class,
      completionCandidates = ModeConverter.Candidates.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  Retention.Mode mode = Retention.Mode.ARCHIVE;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STORE_URL",
      description =
          "The volume: volume:///PATH, or volume:///DEVICE?partition=GUID. Default: the embedded store.")
  String url = "";

  @Option(
      names = "--quota",
      paramLabel = "SIZE|none",
      converter = QuotaConverter.class,
      description = "How many bytes of blocks it may hold. Default: as before.")
  @Nullable OptionalLong quota;

  @Override
  void run(Io io) throws Exception {
    var stores = new Stores(io, common.quiet);
    VolumePath place = VolumeOptions.place(stores.parse(url));
    OptionalLong quotaBytes = quota == null ? Volumes.stat(place).retention().quotaBytes() : quota;
    Retention retention = Retentions.of(mode, quotaBytes);
    VolumeReport.print(Volumes.retain(place, retention, stores.writer()), common.json, io);
  }
}
