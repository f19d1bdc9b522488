package eris.image.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files as Genode has them. Those that gcc makes are also run, by the loader of this machine.
final class GenodeRulesTest {
  private static final String HANDLE = "eris-" + "A".repeat(52);
  private static final List<String> OPTIONS =
      List.of(
          "-nostdlib",
          "-ffreestanding",
          "-fno-stack-protector",
          "-fno-asynchronous-unwind-tables",
          "-Wl,--hash-style=sysv,--build-id=none,--no-as-needed",
          "-Wl,-z,max-page-size=4096,-T,genode.ld");
  private static final ElfEdits GENODE = ElfEdits.none().forSystem(ElfEdits.LoadingSystem.GENODE);

  @TempDir Path home;

  private static SyntheticElf program() {
    return SyntheticElf.bits64().exec(0x1000000).headersApart();
  }

  private static List<GenodeRules.Finding> check(byte[] file) {
    return GenodeRules.check(MemorySegment.ofArray(file));
  }

  private Path compile(Gcc gcc, String name, String code, String... options) throws Exception {
    List<String> all = new ArrayList<>(OPTIONS);
    all.addAll(List.of(options));
    return gcc.compile(name, code, all.toArray(String[]::new));
  }

  @Test
  void programAndLibraryOfGccAreRewrittenAndRun() throws Exception {
    var gcc = new Gcc(home);
    try (InputStream script = getClass().getResourceAsStream("genode.ld")) {
      Files.copy(Objects.requireNonNull(script), home.resolve("genode.ld"));
    }
    String[] library = {"-shared", "-fPIC", "-Wl,--defsym=BASE=0"};
    compile(
        gcc,
        ElfEdits.GENODE_LOADER,
        "void loaded(void) {}",
        library[0],
        library[1],
        library[2],
        "-Wl,-soname,ld.lib.so");
    Path answer =
        compile(
            gcc,
            "answer.lib.so",
            "void loaded(void); int answer(void) { loaded(); return 42; }",
            library[0],
            library[1],
            library[2],
            "-Wl,-soname,answer.lib.so",
            "ld.lib.so");
    Path program =
        compile(
            gcc,
            "program",
            """
            int answer(void);
            char volatile buffer[9000];
            void _start(void) {
              buffer[8999] = answer();
              __asm__ volatile("syscall" :: "a"(231), "D"((long)buffer[8999]));
            }
            """,
            "-no-pie",
            "-fno-pie",
            "-Wl,--defsym=BASE=0x1000000",
            "answer.lib.so",
            "ld.lib.so");
    assertThat(check(Files.readAllBytes(program))).isEmpty();
    assertThat(check(Files.readAllBytes(answer))).isEmpty();

    ElfFile renamed = rewrite(program, Map.of("answer.lib.so", HANDLE));
    assertThat(renamed.type()).isEqualTo(ObjectType.EXEC);
    assertThat(renamed.needed()).containsExactly(HANDLE, "ld.lib.so");
    assertThat(renamed.header().programHeaders().offset()).isEqualTo(64);
    ProgramHeader last = renamed.space().loads().getLast();
    assertThat(last.flags()).isEqualTo(ProgramHeader.READ | ProgramHeader.EXECUTE);
    assertThat(last.offset() % 4096).isZero();
    rewrite(answer, Map.of("nothing", "anything"));
    assertThat(run(gcc, program)).as("its library has gone").isNotEqualTo(42);

    ElfEdits soname = GENODE.withSoname(HANDLE).withRunPath(new ElfEdits.RunPath.Set("/nowhere"));
    byte[] library2 = ElfRewriterTest.rewrite(Files.readAllBytes(answer), soname);
    assertThat(ElfFileTest.read(library2).type()).isEqualTo(ObjectType.DYN);
    assertThat(check(library2)).isEmpty();
    Files.write(home.resolve(HANDLE), library2);
    Files.delete(answer);
    assertThat(run(gcc, program)).isEqualTo(42);
  }

  private static ElfFile rewrite(Path file, Map<String, String> names) throws IOException {
    byte[] written = ElfRewriterTest.rewrite(Files.readAllBytes(file), GENODE.withNeeded(names));
    assertThat(check(written)).isEmpty();
    Files.write(file, written);
    return ElfFileTest.read(written);
  }

  private static int run(Gcc gcc, Path program) throws Exception {
    return gcc.run(
            Map.of("LD_LIBRARY_PATH", "."), "/lib64/ld-linux-x86-64.so.2", program.toString())
        .exitCode();
  }

  @Test
  void headerFindsRoomWhereNoSegmentIs() throws IOException {
    byte[] file = program().needed("liba.lib.so", "ld.lib.so").build();
    assertThat(check(file)).isEmpty();
    byte[] after = ElfRewriterTest.rewrite(file, GENODE.withNeeded(Map.of("liba.lib.so", HANDLE)));
    assertThat(check(after)).isEmpty();
    assertThat(ElfFileTest.read(after).header().programHeaders().offset()).isEqualTo(64);
    assertThat(after).startsWith(Arrays.copyOf(file, 56));
  }

  @Test
  void fileWithoutRoomIsRefused() {
    byte[] file = SyntheticElf.bits64().needed("liba.lib.so").build();
    assertThatThrownBy(
            () -> ElfRewriterTest.rewrite(file, GENODE.withNeeded(Map.of("liba.lib.so", HANDLE))))
        .isInstanceOf(RefusedRewrite.class)
        .hasMessage("no room for a program header after the others, as Genode has it");
  }

  /// For loaders that are patched, and never in a message.
  @Test
  void capabilitiesAreNamesAndSecrets() throws IOException {
    byte[] file = program().needed("liba.lib.so").build();
    String urn = "urn:eris:" + "B".repeat(106);
    ElfEdits edits = GENODE.withNeeded(Map.of("liba.lib.so", urn));
    byte[] written = ElfRewriterTest.rewrite(file, edits);

    assertThat(ElfFileTest.read(written).needed()).containsExactly(urn);
    assertThat(edits.toString()).doesNotContain("BBBB");
    assertThat(check(written)).hasSize(1);
    assertThat(check(written).getFirst().describe()).contains("115 bytes").doesNotContain("BBBB");
  }

  @Test
  void nameThatWouldBeCutIsRefused() throws IOException {
    byte[] file = program().needed("liba.lib.so").build();
    String longest = "n".repeat(63);
    ElfRewriterTest.rewrite(file, GENODE.withNeeded(Map.of("liba.lib.so", longest)));
    assertThatThrownBy(
            () ->
                ElfRewriterTest.rewrite(
                    file, GENODE.withNeeded(Map.of("liba.lib.so", longest + "n"))))
        .isInstanceOf(RefusedRewrite.class)
        .hasMessage(
            "ld.lib.so would not load it: needs %sn, a name of 64 bytes, want at most 63", longest);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 7})
  void segmentOfOtherRightsIsFound(int flags) {
    byte[] file = program().build();
    file[64 + 4] = (byte) flags;
    List<GenodeRules.Finding> findings = check(file);
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst()).isInstanceOf(GenodeRules.Finding.WrongRights.class);
    assertThat(findings.getFirst().describe())
        .isEqualTo(
            "segment 0 is %s, want R+X or R+W"
                .formatted(List.of("nothing", "X", "W", "W+X", "R", "", "", "R+W+X").get(flags)));
  }

  @Test
  void wrongAlignmentIsFound() throws MalformedElf {
    byte[] file = program().build();
    ElfBytes elf = ElfBytes.of(MemorySegment.ofArray(file));
    elf.setWord(64 + 48, 2048);
    assertThat(check(file)).containsExactly(new GenodeRules.Finding.WrongAlignment(0, 2048));
    elf.setWord(64 + 48, 0);
    assertThat(check(file)).containsExactly(new GenodeRules.Finding.WrongAlignment(0, 0));
    elf.setWord(64 + 48, 8192);
    assertThat(check(file)).isEmpty();
  }

  @Test
  void elevenHeadersAreFound() throws MalformedElf {
    byte[] file = program().build();
    ElfBytes elf = ElfBytes.of(MemorySegment.ofArray(file));
    elf.setU16(56, 10);
    assertThat(check(file)).isEmpty();
    elf.setU16(56, 11);
    assertThat(check(file)).containsExactly(new GenodeRules.Finding.TooManyHeaders(11));
  }

  @Test
  void missingHashIsFound() {
    byte[] file = program().build();
    file[SyntheticElf.PAGE * 2] = 7; // DT_HASH comes first, and becomes DT_RELA
    assertThat(check(file)).containsExactly(new GenodeRules.Finding.NoHash());
  }

  /// What patchelf does to a program of Genode's: its strings lie where no segment is.
  @Test
  void stringsThatAreNotLoadedAreFound() throws MalformedElf {
    byte[] file = program().needed("liba.lib.so").build();
    ElfBytes elf = ElfBytes.of(MemorySegment.ofArray(file));
    int at = SyntheticElf.PAGE * 2 + 2 * 16; // after DT_NEEDED and DT_HASH
    elf.setWord(at + 8, 0xfff158);
    assertThat(check(file).getFirst().describe())
        .contains("the string table of ", " at address 0xfff158, where no segment loads the file");
  }

  @Test
  void staticAndOtherFilesAreFound() {
    byte[] file = program().build();
    file[64 + 2 * 56] = 4;
    assertThat(check(file)).containsExactly(new GenodeRules.Finding.Static());
    assertThat(check("#!".getBytes(StandardCharsets.UTF_8)).getFirst().describe())
        .isEqualTo("malformed ELF at byte 0: not an ELF file, but a script");
  }
}
