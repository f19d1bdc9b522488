package eris.cli;

import eris.format.Manifest;
import eris.image.run.Caller;
import eris.image.run.Launch;
import eris.image.run.LoadedClosure;
import eris.image.run.ProgramPlan;
import eris.image.tree.ClosureReader;
import eris.kernel.BlockKernel;
import eris.store.BlockStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `eris run`.
@Command(
    name = "run",
    description = "Run a program straight from a verified closure; nothing is installed.",
    footer = {
      "%nEvery file of the closure is decoded and verified as a whole before the program starts; if one",
      "cannot be had, nothing starts. Then this process becomes the program: arguments, environment,",
      "streams, other open files, signals and exit code are the program's own. A script is called",
      "/proc/self/fd/N, for it is a file in memory, as all files of the closure are.",
      "%nPlugins and data of the closure are in the directory that $ERIS_CLOSURE names. LD_LIBRARY_PATH,",
      "LD_PRELOAD and LD_AUDIT are not passed on: they would add code that nobody verified. What else a",
      "program opens by itself, it opens on this machine.",
    })
final class RunCommand extends ErisCommand {
  private static final List<String> CODE_VARIABLES =
      List.of("LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT");

  /// Which loader reads whatever it is told.
  private static final Path PRELOADED = Path.of("/etc/ld.so.preload");

  @Parameters(index = "0", paramLabel = ManifestText.LABEL, description = ManifestText.DESCRIPTION)
  String manifest = "";

  @Parameters(
      index = "1..*",
      paramLabel = "ARGS",
      description = "Arguments of the program, after --.")
  List<String> arguments = new ArrayList<>();

  @Option(
      names = "--component",
      paramLabel = "C",
      description =
          "The program, by its path in the manifest or its name; needed if it has several.")
  Optional<String> component = Optional.empty();

  @Option(
      names = "--max-size",
      paramLabel = "N",
      description = "Refuse a closure of more than N bytes, as in 64MiB, before it is read (4GiB).",
      converter = SizeConverter.class)
  long maxSize = 4L << 30;

  @Mixin StoreOptions storage = new StoreOptions();

  @Override
  void run(Io io) throws Exception {
    Caller caller = Callers.of(io, CODE_VARIABLES);
    warnOfVariables(io);
    prepare(io).become(caller, Callers.ignoredSignals());
  }

  /// All that is done while this is Java.
  Launch prepare(Io io) throws Exception {
    Manifest closure = ManifestText.read(manifest, storage, common, io);
    String program = Components.choose(closure, component, "--component");
    long size = LoadedClosure.size(closure, program);
    if (size > maxSize) {
      throw new Failure(
          ExitCode.REFUSED, "the closure is %d bytes, --max-size is %d".formatted(size, maxSize));
    }
    BlockKernel.expect(size);
    return prepare(closure, program, maxSize - size, io);
  }

  private void warnOfVariables(Io io) {
    for (String name : CODE_VARIABLES) {
      if (io.variable(name).isPresent() && !common.quiet) {
        io.warn("%s is not passed on: it would add code that nobody verified".formatted(name));
      }
    }
    if (PRELOADED.toFile().length() > 0 && !common.quiet) {
      io.warn(PRELOADED + " adds code that nobody verified to every program of this machine");
    }
  }

  private Launch prepare(Manifest closure, String program, long maxTreeBytes, Io io)
      throws Exception {
    try (BlockStore store = new Stores(io, common.quiet).openForReading(storage.named(io));
        var progress = new Progress(io, common.quiet)) {
      var reader = new ClosureReader(store, progress.listener());
      LoadedClosure loaded = LoadedClosure.load(closure, program, reader);
      Launch launch =
          ProgramPlan.of(loaded, Callers.bytes(arguments), reader, places(io), maxTreeBytes);
      store.sync(); // what a cache has taken
      return launch;
    }
  }

  /// Where the private directory may be: better in memory.
  private static List<Path> places(Io io) {
    return Stream.of(
            io.variable("XDG_RUNTIME_DIR"),
            Optional.of("/dev/shm"),
            Optional.of(System.getProperty("java.io.tmpdir")))
        .flatMap(Optional::stream)
        .map(Path::of)
        .filter(Path::isAbsolute)
        .toList();
  }
}
