package eris.cli;

import eris.format.Manifest;
import eris.image.tree.ClosureReader;
import eris.image.tree.Initramfs;
import eris.store.BlockStore;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `eris image initramfs`.
@Command(
    name = "initramfs",
    description = "Write the first file system of a Linux kernel, with the files of a closure.",
    footer = {
      "%nA cpio archive, not compressed. The same manifest gives the same file, whole or not at all.",
      "Programs are in /bin, libraries in /lib; /lib64 and /usr lead there too."
    })
final class ImageInitramfsCommand extends ErisCommand {
  @Parameters(paramLabel = ManifestText.LABEL, description = ManifestText.DESCRIPTION)
  String manifest = "";

  @Option(
      names = "--init",
      paramLabel = "PROGRAM",
      description = "What /init leads to, by path or name; needed if there are several programs.")
  Optional<String> init = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "Write here.")
  Path output = Path.of("");

  @Mixin StoreOptions storage = new StoreOptions();

  @Override
  void run(Io io) throws Exception {
    Manifest closure = ManifestText.read(manifest, storage, common, io);
    String program = Components.choose(closure, init, "--init");
    try (BlockStore store = new Stores(io, common.quiet).openForReading(storage.named(io));
        var progress = new Progress(io, common.quiet);
        OutputFile file = OutputFile.create(output)) {
      var reader = new ClosureReader(store, progress.listener());
      Initramfs.write(closure, program, reader, file.channel());
      store.sync(); // what a cache has taken
      file.commit();
    }
  }
}
