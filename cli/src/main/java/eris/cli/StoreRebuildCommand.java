package eris.cli;

import eris.stores.Volumes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `eris store rebuild`.
@Command(
    name = "rebuild",
    description = {
      "Make the index of a volume anew from its blocks, however damaged the rest is.",
      "If more than the index was lost, blocks that had been removed may be there again."
    })
final class StoreRebuildCommand extends ErisCommand {
  @Mixin VolumeOptions volume = new VolumeOptions();

  @Override
  void run(Io io) throws Exception {
    VolumeReport.print(
        Volumes.rebuild(volume.place(), new Stores(io, common.quiet).writer()), common.json, io);
  }
}
