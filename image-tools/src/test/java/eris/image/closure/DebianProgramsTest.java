package eris.image.closure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import eris.format.Manifest;
import eris.format.Manifest.Naming;
import eris.image.elf.ElfFile;
import eris.image.elf.Gcc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs of the machine with all names rewritten to handles, and run from nothing but objects that
/// are called so.
@Tag("wide")
final class DebianProgramsTest {
  private static final List<String> COMMANDS =
      List.of(
          "bash",
          "git",
          "python3",
          "gdb",
          "curl",
          "sqlite3",
          "vim",
          "openssl",
          "perl",
          "tar",
          "gzip",
          "xz",
          "find",
          "grep",
          "sed",
          "gawk",
          "make",
          "gcc",
          "ld",
          "ssh",
          "rsync",
          "wget",
          "file",
          "strace",
          "sort",
          "ls",
          "dpkg",
          "apt",
          "gpg",
          "xmllint",
          "qemu-img",
          "ffmpeg");

  @TempDir Path directory;

  @Test
  void programsWithHandlesSayWhatTheInstalledOnesSay() throws Exception {
    List<Path> present = new ArrayList<>();
    for (String command : COMMANDS) {
      Path path = Path.of("/usr/bin", command);
      if (Files.isExecutable(path) && isDynamic(path.toRealPath())) {
        present.add(path);
      }
    }
    assumeThat(present).hasSizeGreaterThanOrEqualTo(10);
    var programs = new Programs(directory);
    Manifest manifest = programs.closure(Naming.HANDLE, present.toArray(Path[]::new)).manifest();
    Path objects = programs.materialise(manifest, "objects");

    List<String> differing = new ArrayList<>();
    for (Path path : present) {
      Gcc.Outcome installed = Gcc.run(directory, Map.of(), List.of(path.toString(), "--version"));
      Gcc.Outcome ours = programs.run(manifest, "bin/" + path.getFileName(), objects, "--version");
      if (!say(ours, path).equals(say(installed, path))) {
        differing.add(path + ": " + ours.output());
      }
    }
    assertThat(differing).isEmpty();
  }

  private static boolean isDynamic(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel file = FileChannel.open(path)) {
      MemorySegment bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
      return ElfFile.isElf(bytes) && ElfFile.read(bytes).interpreter().isPresent();
    }
  }

  /// Some programs say by which name they were started.
  private static String say(Gcc.Outcome outcome, Path installed) {
    String name = installed.getFileName().toString();
    return outcome.exitCode()
        + outcome
            .output()
            .replace(installed.toString(), name)
            .replaceAll("\\S*eris-[A-Z2-7]{52}", name);
  }
}
