package eris.cli;

import eris.stores.Volumes;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `eris store grow`.
@Command(
    name = "grow",
    description =
        "Make a volume larger that does not grow by itself: to all its device has, or --size.")
final class StoreGrowCommand extends ErisCommand {
  @Mixin VolumeOptions volume = new VolumeOptions();

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "The new size of the volume, as in 64MiB. A file becomes as large.")
  @Nullable Long sizeBytes;

  @Override
  void run(Io io) throws Exception {
    VolumeReport.print(
        Volumes.grow(
            volume.place(),
            sizeBytes == null ? OptionalLong.empty() : OptionalLong.of(sizeBytes),
            new Stores(io, common.quiet).writer()),
        common.json,
        io);
  }
}
