package eris.image.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs that gcc makes in several ways are rewritten, and started by the kernel: it tells the
/// loader where the headers are.
final class CompiledProgramsTest {
  private static final String HANDLE = "eris-" + "B".repeat(52);
  private static final String LIBRARY =
      """
      static int calls;
      int answer(void) { return 41 + ++calls; }
      """;
  private static final String PROGRAM =
      """
      #include <stdio.h>
      #include <stdlib.h>
      int answer(void);
      static char zeros[BSS];
      static __thread int local = 7;
      int main(int argc, char **argv) {
        for (unsigned long i = 0; i < sizeof zeros; i += 65536) {
          if (zeros[i] != 0) return 1;
        }
        zeros[sizeof zeros - 1] = 1;
        char *heap = malloc(1 << 22);
        heap[1 << 21] = 1;
        printf("%d %d %s\\n", answer(), local, argv[1]);
        free(heap);
        return 3;
      }
      """;

  @TempDir Path home;
  private Gcc gcc;

  @BeforeEach
  void compileLibrary() throws Exception {
    gcc = new Gcc(home);
    gcc.compile("libanswer.so", LIBRARY, "-shared", "-fPIC", "-Wl,-soname,libanswer.so");
  }

  private Path compile(String options) throws Exception {
    return gcc.compile(
        "program", PROGRAM, (options + " -L. -lanswer -Wl,--enable-new-dtags").strip().split(" "));
  }

  private static void rewrite(Path file, ElfEdits edits) throws IOException {
    Files.write(file, ElfRewriterTest.rewrite(Files.readAllBytes(file), edits));
  }

  private void assertRuns(Path program, Map<String, String> environment) throws Exception {
    Gcc.Outcome outcome = gcc.run(environment, program.toString(), "hello");
    assertThat(outcome).isEqualTo(new Gcc.Outcome(3, "42 7 hello\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-DBSS=5000 -pie -fPIE",
        "-DBSS=5000 -no-pie -fno-pie",
        "-DBSS=3000000 -pie -fPIE -s",
        "-DBSS=100000000 -pie -fPIE",
        "-DBSS=100000000 -no-pie -fno-pie",
        "-DBSS=5000 -pie -fPIE -Wl,-z,noseparate-code,--hash-style=sysv",
        "-DBSS=5000 -pie -fPIE -Wl,-z,max-page-size=0x200000,-z,lazy",
        "-DBSS=5000 -no-pie -fno-pie -Wl,-z,max-page-size=0x10000,-z,now,-z,relro",
        "-DBSS=5000 -pie -fPIE -Wl,-rpath,/nowhere",
        "-DBSS=5000 -pie -fPIE -fuse-ld=gold",
      })
  void programRunsWithItsLibraryRenamed(String options) throws Exception {
    assumeTrue(!options.contains("gold") || Gcc.exists("ld.gold"), "no gold");
    Path program = compile(options);
    Map<String, String> here = Map.of("LD_LIBRARY_PATH", ".");
    assertRuns(program, here);
    rewrite(
        program,
        ElfEdits.none()
            .withNeeded(Map.of("libanswer.so", HANDLE))
            .withRunPath(new ElfEdits.RunPath.Set("$ORIGIN")));
    assertThat(gcc.run(Map.of(), program.toString()).exitCode()).isEqualTo(127);
    Files.move(home.resolve("libanswer.so"), home.resolve(HANDLE));
    assertRuns(program, Map.of());
    rewrite(home.resolve(HANDLE), ElfEdits.none().withSoname(HANDLE));
    rewrite(program, ElfEdits.none().withRunPath(new ElfEdits.RunPath.Remove()));
    assertThat(gcc.run(Map.of(), program.toString()).exitCode()).isEqualTo(127);
    assertRuns(program, here);
  }

  @Test
  void programRunsWithAnotherInterpreter() throws Exception {
    Path program = compile("-DBSS=5000");
    String loader = ElfFileTest.read(Files.readAllBytes(program)).interpreter().orElseThrow();
    Path far = Files.createDirectories(home.resolve("d".repeat(100)));
    Files.createSymbolicLink(far.resolve("ld.so"), Path.of(loader));
    rewrite(program, ElfEdits.none().withInterpreter(far.resolve("ld.so").toString()));
    assertRuns(program, Map.of("LD_LIBRARY_PATH", "."));
    Files.delete(far.resolve("ld.so"));
    rewrite(program, ElfEdits.none().withInterpreter(loader));
    assertRuns(program, Map.of("LD_LIBRARY_PATH", "."));
  }

  /// Tools find the strings by their section, which has moved.
  @Test
  void binutilsReadTheResult() throws Exception {
    assumeTrue(Gcc.exists("readelf") && Gcc.exists("objdump"), "no binutils");
    Path program = compile("-DBSS=5000 -g");
    String before = gcc.run(Map.of(), "readelf", "-WSrs", program.toString()).output();
    rewrite(program, ElfEdits.none().withNeeded(Map.of("libanswer.so", HANDLE)));
    String after = gcc.run(Map.of(), "readelf", "-WSrs", program.toString()).output();
    assertThat(after.lines().filter(line -> !before.contains(line)))
        .as("what is new")
        .allMatch(line -> line.contains(".dynstr") || line.startsWith("There are "));
    assertThat(gcc.run(Map.of(), "objdump", "-p", program.toString()).output())
        .contains("NEEDED               " + HANDLE, "required from libc.so.6:");
  }
}
