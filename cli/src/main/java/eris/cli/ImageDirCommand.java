package eris.cli;

import eris.format.Manifest;
import eris.image.tree.ClosureDirectory;
import eris.image.tree.ClosureReader;
import eris.store.BlockStore;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `eris image dir`.
@Command(
    name = "dir",
    description = "Write the files of a closure into a directory, every byte verified.",
    footer = "%nThe directory appears whole or not at all.")
final class ImageDirCommand extends ErisCommand {
  @Parameters(paramLabel = ManifestText.LABEL, description = ManifestText.DESCRIPTION)
  String manifest = "";

  @Option(
      names = "--names",
      paramLabel = "path|handle|urn",
      description = {
        "What files are called: their paths in the manifest (default); or side by side their",
        "handles, or their URNs, which anybody can read them by, and a dynamic loader by its name."
      })
  String names = "path";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "Make this directory.")
  Path output = Path.of("");

  @Mixin StoreOptions storage = new StoreOptions();

  @Override
  void run(Io io) throws Exception {
    Manifest.Naming naming = naming();
    Manifest closure = ManifestText.read(manifest, storage, common, io);
    if (Files.exists(output)) {
      throw new Failure(ExitCode.FAILED, output + ": already exists");
    }
    if (naming == Manifest.Naming.URN && !common.quiet) {
      io.warn("names that are URNs let anybody read the files who sees them");
    }
    try (BlockStore store = new Stores(io, common.quiet).openForReading(storage.named(io));
        var progress = new Progress(io, common.quiet);
        var directory = OutputDirectory.create(output)) {
      ClosureDirectory.write(
          closure, naming, new ClosureReader(store, progress.listener()), directory.path());
      store.sync(); // what a cache has taken
      directory.commit();
    }
  }

  private Manifest.Naming naming() throws Failure {
    return switch (names) {
      case "path" -> Manifest.Naming.ROUTE;
      case "handle" -> Manifest.Naming.HANDLE;
      case "urn" -> Manifest.Naming.URN;
      default -> throw new Failure(ExitCode.USAGE, "--names is path, handle or urn");
    };
  }
}
