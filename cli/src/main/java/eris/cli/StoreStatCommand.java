package eris.cli;

import eris.stores.Volumes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `eris store stat`.
@Command(name = "stat", description = "Tell how much a volume holds, and how much more it takes.")
final class StoreStatCommand extends ErisCommand {
  @Mixin VolumeOptions volume = new VolumeOptions();

  @Override
  void run(Io io) throws Exception {
    VolumeReport.print(Volumes.stat(volume.place()), common.json, io);
  }
}
