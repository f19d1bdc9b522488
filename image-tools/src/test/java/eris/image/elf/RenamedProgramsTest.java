package eris.image.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eris.Handle;
import eris.Reference;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs of this machine whose libraries all have other names run as before: each library is
/// rewritten to need handles, and lies under its own handle in one directory.
@Tag("wide")
final class RenamedProgramsTest {
  private static final int PROGRAMS = 200;
  private static final int FEWEST_PROGRAMS = 50;
  private static final String IMPATIENT = "2"; // seconds: some wait for input, and are left out
  private static final String PATIENT = "20";
  private static final String SYMBOLS = "-Wrn"; // relocations, with names and versions, and notes
  private static final Pattern LOADED = Pattern.compile("^\\t(\\S+) => (/\\S+) \\(0x");

  @TempDir Path home;
  private Path libraries;

  /// By their original paths, the rewritten files.
  private final Map<Path, Path> written = new TreeMap<>();

  @BeforeEach
  void makePlaces() throws IOException {
    libraries = Files.createDirectory(home.resolve("libraries"));
  }

  @Test
  void programsRunWithLibrariesNamedByHandles() throws Exception {
    assumeTrue(Gcc.exists("readelf"), "no readelf");
    int run = 0;
    for (Path program : programs()) {
      String loader = interpreter(program).orElseThrow();
      Optional<Gcc.Outcome> wanted = steadyOutcome(loader, program);
      if (wanted.isPresent()) {
        Path renamed = rewriteWithLibraries(program);
        Map<String, String> there = Map.of("LD_LIBRARY_PATH", libraries.toString());
        assertThat(start(there, PATIENT, loader, program, renamed))
            .as(program.toString())
            .isEqualTo(wanted.get());
        if (++run == PROGRAMS) {
          break;
        }
      }
    }
    assertThat(run).isGreaterThan(FEWEST_PROGRAMS);
    compareWithReadelf();
  }

  /// Those of everybody: what has the rights of its owner may do more than print.
  private static List<Path> programs() throws IOException {
    List<Path> programs = new ArrayList<>();
    for (Path file : ElfPeerTest.installed()) {
      if (file.startsWith("/usr/bin")
          && (((Integer) Files.getAttribute(file, "unix:mode")) & 06000) == 0
          && interpreter(file).isPresent()) {
        programs.add(file);
      }
    }
    return programs;
  }

  private static Optional<String> interpreter(Path file) throws IOException {
    return ElfPeerTest.read(file).interpreter;
  }

  /// What a program prints of its version, if it prints the same twice.
  private Optional<Gcc.Outcome> steadyOutcome(String loader, Path program) throws Exception {
    Gcc.Outcome first = start(Map.of(), IMPATIENT, loader, program, program);
    return first.exitCode() == 0
            && !first.output().isBlank()
            && first.equals(start(Map.of(), IMPATIENT, loader, program, program))
        ? Optional.of(first)
        : Optional.empty();
  }

  private Gcc.Outcome start(
      Map<String, String> environment, String seconds, String loader, Path name, Path file)
      throws Exception {
    Map<String, String> all = new TreeMap<>(environment);
    all.put("HOME", home.toString());
    Gcc.Outcome outcome =
        Gcc.run(
            home,
            all,
            List.of(
                "timeout",
                seconds,
                loader,
                "--argv0",
                name.toString(),
                file.toString(),
                "--version"));
    // Sorted: groff's two children print as they come.
    String lines = outcome.output().lines().sorted().collect(Collectors.joining("\n"));
    return new Gcc.Outcome(outcome.exitCode(), lines);
  }

  private Path rewriteWithLibraries(Path program) throws Exception {
    Map<String, Path> loaded = loaded(program);
    for (Path library : loaded.values()) {
      rewrite(library, loaded);
    }
    return rewrite(program, loaded);
  }

  /// The libraries of a program, by the names under which they are needed.
  private Map<String, Path> loaded(Path program) throws Exception {
    Map<String, Path> loaded = new LinkedHashMap<>();
    Gcc.run(
            home,
            Map.of(),
            List.of(interpreter(program).orElseThrow(), "--list", program.toString()))
        .output()
        .lines()
        .map(LOADED::matcher)
        .filter(Matcher::find)
        .forEach(found -> loaded.put(found.group(1), Path.of(found.group(2))));
    return loaded;
  }

  private Path rewrite(Path file, Map<String, Path> loaded) throws Exception {
    Path real = file.toRealPath();
    if (written.containsKey(real)) {
      return written.get(real);
    }
    Map<String, String> names = new TreeMap<>();
    for (Map.Entry<String, Path> library : loaded.entrySet()) {
      names.put(library.getKey(), handle(library.getValue().toRealPath()));
    }
    Path place = libraries.resolve(handle(real));
    try (Arena arena = Arena.ofConfined();
        FileChannel in = FileChannel.open(real);
        FileChannel out =
            FileChannel.open(
                place,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwxr-xr-x")))) {
      MemorySegment mapped = in.map(FileChannel.MapMode.READ_ONLY, 0, in.size(), arena);
      ElfRewriter rewriter =
          ElfRewriter.of(ElfFile.read(mapped), ElfEdits.none().withNeeded(names));
      rewriter.writeTo(out);
      try (FileChannel again = FileChannel.open(place)) {
        rewriter.check(again.map(FileChannel.MapMode.READ_ONLY, 0, again.size(), arena));
      }
    }
    written.put(real, place);
    return place;
  }

  private static String handle(Path file) throws Exception {
    byte[] path = file.toString().getBytes(StandardCharsets.UTF_8);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(path);
    return new Handle(Reference.readFrom(MemorySegment.ofArray(digest), 0)).toString();
  }

  /// Needed libraries have handles, all else that `readelf` reads is as it was, and it complains of
  /// nothing that it did not complain of before.
  private void compareWithReadelf() throws Exception {
    List<Path> before = List.copyOf(written.keySet());
    List<Path> after = before.stream().map(written::get).toList();
    Map<Path, Readelf.Facts> names = Readelf.of(home, after, "-dlW");
    for (Path file : before) {
      assertThat(Objects.requireNonNull(names.get(written.get(file))).needed)
          .as(file.toString())
          .allMatch(name -> name.startsWith("eris-") || name.startsWith("ld-linux"))
          .hasSameSizeAs(ElfPeerTest.read(file).needed);
    }
    List<Path> some = before.subList(0, Math.min(before.size(), 100));
    Map<Path, String> symbols = Readelf.text(home, some, SYMBOLS);
    Map<Path, String> renamed =
        Readelf.text(home, some.stream().map(written::get).toList(), SYMBOLS);
    for (Path file : some) {
      assertThat(renamed.get(written.get(file)))
          .as(file.toString())
          .isEqualTo(symbols.get(file))
          .doesNotContain("readelf: ");
    }
  }
}
