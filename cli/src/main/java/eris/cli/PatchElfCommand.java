package eris.cli;

import eris.image.elf.ElfEdits;
import eris.image.elf.ElfFile;
import eris.image.elf.ElfRewriter;
import eris.image.elf.MalformedElf;
import eris.image.elf.RefusedRewrite;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `eris image patch-elf`.
@Command(
    name = "patch-elf",
    description = {
      "Change the names of libraries in a program or library, or print them.",
      "The result is read again and compared before it appears, whole or not at all."
    },
    footer = {
      "%nWithout -o the new file takes the place of FILE, with its permissions (not its owner, if that"
          + " is somebody else).",
      "What FILE does not need cannot be replaced: that fails, and nothing is written."
    })
final class PatchElfCommand extends ErisCommand {
  @Parameters(paramLabel = "FILE", description = "The ELF file.")
  Path file = Path.of("");

  @Option(names = "--print", description = "Print the names, and change nothing.")
  boolean print;

  @Option(
      names = "--replace-needed",
      paramLabel = "OLD=NEW",
      description =
          "Need NEW in place of OLD, with the same versions. May be given more than once.")
  List<String> replacements = new ArrayList<>();

  @Option(
      names = "--set-rpath",
      paramLabel = "PATH",
      description = "The run-path (DT_RUNPATH, DT_RPATH goes); an empty one is removed.")
  Optional<String> runPath = Optional.empty();

  @Option(names = "--remove-rpath", description = "Have no run-path.")
  boolean removesRunPath;

  @Option(names = "--set-soname", paramLabel = "NAME", description = "The library's own name.")
  Optional<String> soname = Optional.empty();

  @Option(
      names = "--set-interpreter",
      paramLabel = "PATH",
      description = "The dynamic loader of a program.")
  Optional<String> interpreter = Optional.empty();

  @Option(
      names = "--genode",
      description = "For Genode's loader: lay out as it wants, and check by its rules.")
  boolean genode;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "Write here; - is standard output. Default: FILE.")
  Optional<String> output = Optional.empty();

  @Override
  void run(Io io) throws Exception {
    ElfEdits edits = edits();
    boolean changes = !edits.forSystem(ElfEdits.LoadingSystem.LINUX).equals(ElfEdits.none());
    if (changes == print) {
      throw new Failure(
          ExitCode.USAGE,
          "either --print or something to change",
          "see eris image patch-elf --help");
    }
    try (Arena arena = Arena.ofConfined()) {
      ElfFile elf = ElfFile.read(map(arena));
      if (print) {
        ElfReport.print(elf, genode, common.json, io);
      } else {
        requireNeeded(elf, edits);
        write(ElfRewriter.of(elf, edits), arena, io);
      }
    } catch (MalformedElf e) {
      throw new Failure(ExitCode.CORRUPT, file + ": " + e.getMessage());
    } catch (RefusedRewrite e) {
      throw new Failure(ExitCode.FAILED, file + ": " + e.getMessage());
    }
  }

  private ElfEdits edits() throws Failure {
    if (removesRunPath && runPath.isPresent()) {
      throw new Failure(ExitCode.USAGE, "--set-rpath and --remove-rpath exclude each other");
    }
    Map<String, String> names = names();
    try {
      return new ElfEdits(
          names,
          runPathEdit(),
          soname,
          interpreter,
          genode ? ElfEdits.LoadingSystem.GENODE : ElfEdits.LoadingSystem.LINUX);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private Map<String, String> names() throws Failure {
    Map<String, String> names = new TreeMap<>();
    for (String replacement : replacements) {
      int sign = replacement.indexOf('=');
      if (sign < 0) {
        throw new Failure(ExitCode.USAGE, "--replace-needed is OLD=NEW, not " + replacement);
      }
      if (names.put(replacement.substring(0, sign), replacement.substring(sign + 1)) != null) {
        throw new Failure(
            ExitCode.USAGE, replacement.substring(0, sign) + " is replaced more than once");
      }
    }
    return names;
  }

  private ElfEdits.RunPath runPathEdit() {
    if (removesRunPath || runPath.filter(String::isEmpty).isPresent()) {
      return new ElfEdits.RunPath.Remove();
    }
    return runPath
        .<ElfEdits.RunPath>map(ElfEdits.RunPath.Set::new)
        .orElseGet(ElfEdits.RunPath.Keep::new);
  }

  private MemorySegment map(Arena arena) throws IOException, Failure {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new Failure(ExitCode.FAILED, file + ": not a regular file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  private void requireNeeded(ElfFile elf, ElfEdits edits) throws Failure {
    for (String name : new TreeMap<>(edits.needed()).keySet()) {
      if (!elf.needed().contains(name)) {
        throw new Failure(
            ExitCode.FAILED,
            "%s does not need %s".formatted(file, name),
            "it needs "
                + (elf.needed().isEmpty() ? "no library" : String.join(", ", elf.needed())));
      }
    }
  }

  private void write(ElfRewriter rewriter, Arena arena, Io io) throws IOException, Failure {
    if (output.filter("-"::equals).isPresent()) {
      rewriter.toMemory(arena);
      rewriter.writeTo(Channels.newChannel(io.out()));
      return;
    }
    try (OutputFile out = OutputFile.create(output.map(Path::of).orElse(file))) {
      if (out.isStream()) {
        rewriter.toMemory(arena);
        rewriter.writeTo(out.channel());
      } else {
        out.permissionsOf(file);
        rewriter.writeTo(out.channel());
        rewriter.check(out.map(arena));
      }
      out.commit();
    }
  }
}
