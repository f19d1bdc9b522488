package eris.cli;

import eris.ConvergenceSecret;
import eris.format.Manifest;
import eris.format.Manifest.Naming;
import eris.image.closure.Closure;
import eris.image.closure.ClosureBuilder;
import eris.image.closure.ClosureRequest;
import eris.image.closure.EncodingWatcher;
import eris.image.closure.HistoricManifest;
import eris.image.closure.ManifestJson;
import eris.kernel.BlockKernel;
import eris.store.BlockStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// `eris image closure`.
@Command(
    name = "closure",
    description = "Store programs with all they need, and the manifest that lists it.",
    footer = {
      "%nLibraries are found as glibc's loader finds them: RPATH, --lib-path, RUNPATH,"
          + " /etc/ld.so.conf. The URN is that of the manifest, and names the closure; it is printed"
          + " once all is durable. There is no secret unless --secret-file gives one: most software"
          + " is public.",
      "%nNames: with route, ELF files are stored as they are. With handle, libraries are asked for by"
          + " the handles of their contents, which the files are rewritten for, so that a program's"
          + " reference stands for its libraries too. With urn, by their capabilities.",
    },
    subcommands = {ClosureVerifyCommand.class, ClosureDiffCommand.class})
final class ClosureCommand extends ErisCommand {
  @Parameters(paramLabel = "ROOT", description = "A program, script or library.")
  List<Path> roots = new ArrayList<>();

  @Option(
      names = "--lib-path",
      paramLabel = "DIR",
      description = "Search libraries here first, as with $LD_LIBRARY_PATH.")
  List<Path> libraryPath = new ArrayList<>();

  @Option(
      names = "--plugin",
      paramLabel = "NAME=FILE",
      description = "What the roots open while they run, by the name they open it by.",
      converter = NamedFile.Converter.class)
  List<NamedFile> plugins = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "PATH=FILE|DIR",
      description = "A file or directory that is there as PATH.",
      converter = NamedFile.Converter.class)
  List<NamedFile> data = new ArrayList<>();

  @Option(
      names = "--keep",
      paramLabel = "NAME",
      description =
          "A library that is asked for by its name whatever --names says. The dynamic loader always"
              + " is.")
  List<String> keep = new ArrayList<>();

  @Option(
      names = "--names",
      paramLabel = "route|handle|urn",
      description = "How ELF files ask for libraries: by name (default), handle or URN.",
      converter = NamingConverter.class)
  Naming naming = Naming.ROUTE;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "Encode with the secret in FILE, 32 bytes or their base32.")
  Optional<Path> secretFile = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "eris|sigil",
      description = "What -o writes: our manifest (default), or eris-manifest.json as of Sigil OS.",
      converter = Format.Converter.class)
  Format format = Format.ERIS;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "Also write the manifest here: in CBOR if the name ends in .cbor, else in JSON; - is"
              + " standard output, without the URN.")
  Optional<String> output = Optional.empty();

  @Mixin StoreOptions storage = new StoreOptions();

  @Override
  void run(Io io) throws Exception {
    requireSense();
    if (naming == Naming.URN && !common.quiet) {
      io.warn("--names urn needs a patched Genode, and puts read keys into the binaries");
    }
    ClosureRequest request = request(io);
    ConvergenceSecret secret =
        secretFile.isPresent()
            ? EncodeOptions.readSecret(secretFile.get())
            : ConvergenceSecret.nullSecret();
    Closure closure;
    try (BlockStore store = new Stores(io, common.quiet).openForWriting(storage.named(io));
        var progress = new Progress(io, common.quiet)) {
      closure = ClosureBuilder.build(request, store, secret, watcher(progress));
    }
    if (output.isPresent() && output.get().equals("-")) {
      io.out().write(formatted(closure.manifest()));
      return;
    }
    if (output.isPresent()) {
      write(Path.of(output.get()), formatted(closure.manifest()));
    }
    io.println(common.json ? jsonOf(closure) : closure.capability().toUrn());
  }

  private void requireSense() throws Failure {
    if (roots.isEmpty()) {
      throw new Failure(ExitCode.USAGE, "no program given", "see eris image closure --help");
    }
    if (format == Format.SIGIL && isCbor()) {
      throw new Failure(ExitCode.USAGE, "--format sigil is JSON");
    }
    if (common.json && output.filter("-"::equals).isPresent()) {
      throw new Failure(ExitCode.USAGE, "--json is for the URN, which -o - leaves out");
    }
  }

  private boolean isCbor() {
    return output.filter(name -> name.endsWith(".cbor")).isPresent();
  }

  private ClosureRequest request(Io io) throws Failure {
    List<Path> commandPath =
        Stream.of(io.variable("PATH").orElse("/usr/bin:/bin").split(":", -1))
            .map(Path::of)
            .filter(Path::isAbsolute)
            .toList();
    return new ClosureRequest(
        roots,
        libraryPath,
        table("--plugin", plugins),
        table("--data", data),
        Set.copyOf(keep),
        commandPath,
        naming);
  }

  private static SortedMap<String, Path> table(String option, List<NamedFile> files)
      throws Failure {
    SortedMap<String, Path> table = new TreeMap<>();
    for (NamedFile file : files) {
      if (table.put(file.name(), file.file()) != null) {
        throw new Failure(ExitCode.USAGE, "duplicate %s %s".formatted(option, file.name()));
      }
    }
    return table;
  }

  private static EncodingWatcher watcher(Progress progress) {
    return new EncodingWatcher() {
      @Override
      public void expect(long bytes) {
        progress.expect(bytes);
        BlockKernel.expect(bytes);
      }

      @Override
      public void advance(long bytes) {
        progress.advance(bytes);
      }
    };
  }

  private byte[] formatted(Manifest manifest) {
    if (isCbor()) {
      return manifest.encode();
    }
    String text =
        format == Format.SIGIL
            ? HistoricManifest.of(manifest).write()
            : ManifestJson.write(manifest);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void write(Path place, byte[] content) throws IOException, Failure {
    try (OutputFile file = OutputFile.create(place)) {
      file.restrictToOwner();
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        file.channel().write(bytes);
      }
      file.commit();
    }
  }

  private static String jsonOf(Closure closure) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("urn", closure.capability().toUrn());
    var capability = closure.capability();
    fields.putAll(
        Json.fieldsOf(capability.blockSize(), capability.level(), capability.root().reference()));
    fields.put("files", closure.manifest().files().size());
    fields.put("objects", closure.objects());
    fields.put("bytes", closure.bytes());
    return Json.line(fields);
  }

  /// What is written as a manifest.
  enum Format {
    ERIS,
    SIGIL;

    static final class Converter implements ITypeConverter<Format> {
      @Override
      public Format convert(String text) {
        return switch (text) {
          case "eris" -> ERIS;
          case "sigil" -> SIGIL;
          default -> throw new TypeConversionException("'%s' is not eris or sigil".formatted(text));
        };
      }
    }
  }
}
