package eris.cli;

import eris.store.Retention;
import eris.stores.Volumes;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `eris store create`.
@Command(
    name = "create",
    description = {
      "Make an empty volume in a file, on a block device or in a partition.",
      "A file without --size grows as blocks come."
    })
final class StoreCreateCommand extends ErisCommand {
  @Mixin VolumeOptions volume = new VolumeOptions();

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "The size of the volume, as in 64MiB. Default for a device: all of it.")
  @Nullable Long sizeBytes;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      converter = ModeConverter.class,
      completionCandidates = ModeConverter.Candidates.class,
      description = {
        "What may be removed: ${COMPLETION-CANDIDATES}. Default: archive, nothing.",
        "eris store mode changes it."
      })
  Retention.Mode mode = Retention.Mode.ARCHIVE;

  @Option(
      names = "--quota",
      paramLabel = "SIZE|none",
      converter = QuotaConverter.class,
      description = "How many bytes of blocks it may hold. Default: none, but a cache needs one.")
  @Nullable OptionalLong quota;

  @Option(names = "--force", description = "Even if that loses what is there.")
  boolean force;

  @Override
  void run(Io io) throws Exception {
    VolumeReport.print(
        Volumes.create(
            volume.place(),
            sizeBytes == null ? OptionalLong.empty() : OptionalLong.of(sizeBytes),
            Retentions.of(mode, quota == null ? OptionalLong.empty() : quota),
            force ? Volumes.Replace.ANYTHING : Volumes.Replace.NOTHING,
            new Stores(io, common.quiet).writer()),
        common.json,
        io);
  }
}
