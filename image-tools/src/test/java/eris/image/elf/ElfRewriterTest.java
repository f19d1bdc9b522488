package eris.image.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ElfRewriterTest {
  private static final String HANDLE = "eris-" + "A".repeat(52);

  static byte[] rewrite(byte[] file, ElfEdits edits) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return ElfRewriter.of(ElfFileTest.read(file), edits)
          .toMemory(arena)
          .toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static ElfFile rewritten(byte[] file, ElfEdits edits) throws IOException {
    return ElfFileTest.read(rewrite(file, edits));
  }

  private static ElfEdits needed(String before, String after) {
    return ElfEdits.none().withNeeded(Map.of(before, after));
  }

  private static ElfEdits runPath(String path) {
    return ElfEdits.none().withRunPath(new ElfEdits.RunPath.Set(path));
  }

  @ParameterizedTest
  @MethodSource("eris.image.elf.ElfFileTest#shapes")
  void neededAndTheFilesOfVersionsAreRenamedTogether(int bits, ByteOrder order) throws IOException {
    byte[] file =
        SyntheticElf.of(bits, order)
            .interpreter("/lib/ld.so")
            .needed("liba.so", "libb.so", "libc.so")
            .soname("libx.so")
            .runpath("/r")
            .versions("libb.so", "B_1", "B_2")
            .versions("libc.so", "C_1")
            .build();
    ElfFile after = rewritten(file, needed("libb.so", HANDLE));
    assertThat(after.needed()).containsExactly("liba.so", HANDLE, "libc.so");
    assertThat(after.versionNeeds())
        .containsExactly(
            new VersionNeed(HANDLE, List.of("B_1", "B_2")),
            new VersionNeed("libc.so", List.of("C_1")));
    assertThat(after.soname()).contains("libx.so");
    assertThat(after.runpath()).contains("/r");
    assertThat(after.interpreter()).contains("/lib/ld.so");
  }

  @Test
  void namesAreExchanged() throws IOException {
    byte[] file = SyntheticElf.bits64().needed("liba.so", "libb.so").build();
    ElfEdits edits = ElfEdits.none().withNeeded(Map.of("liba.so", "libb.so", "libb.so", "liba.so"));
    byte[] after = rewrite(file, edits);
    assertThat(ElfFileTest.read(after).needed()).containsExactly("libb.so", "liba.so");
    assertThat(after).as("both names were there").hasSameSizeAs(file);
  }

  @Test
  void nothingToDoGivesTheSameBytes() throws IOException {
    byte[] file = SyntheticElf.bits64().needed("liba.so").runpath("/r").build();
    assertThat(rewrite(file, ElfEdits.none())).isEqualTo(file);
    assertThat(rewrite(file, needed("libz.so", "liby.so"))).isEqualTo(file);
  }

  @Test
  void twoRunsGiveTheSameBytesInMemoryAndThroughAChannel() throws IOException {
    byte[] file = SyntheticElf.bits64().needed("liba.so", "libb.so").bss(100_000).build();
    ElfEdits edits = needed("liba.so", HANDLE);
    var out = new ByteArrayOutputStream();
    ElfRewriter.of(ElfFileTest.read(file), edits).writeTo(Channels.newChannel(out));
    assertThat(out.toByteArray()).isEqualTo(rewrite(file, edits)).isEqualTo(rewrite(file, edits));
  }

  @Test
  void runPathIsSetWhetherOrNotThereWasOne() throws IOException {
    for (SyntheticElf file :
        List.of(
            SyntheticElf.bits64().needed("liba.so"),
            SyntheticElf.bits64().runpath("/old").needed("liba.so"),
            SyntheticElf.bits64().rpath("/old").needed("liba.so"),
            SyntheticElf.bits64().rpath("/old").runpath("/older").needed("liba.so"))) {
      ElfFile after = rewritten(file.build(), runPath("/new"));
      assertThat(after.runpath()).contains("/new");
      assertThat(after.rpath()).isEmpty();
      assertThat(after.needed()).containsExactly("liba.so");
    }
  }

  /// What Debian's patchelf gets wrong where there was no run-path: the name went into RUNPATH.
  @Test
  void runPathGoesAndNamesChangeInOneRun() throws IOException {
    ElfEdits edits =
        needed("liba.so", "urn:eris:" + "A".repeat(106)).withRunPath(new ElfEdits.RunPath.Remove());
    for (SyntheticElf file :
        List.of(
            SyntheticElf.bits64().needed("liba.so"),
            SyntheticElf.bits64().rpath("/r").needed("liba.so").runpath("/u"))) {
      ElfFile after = rewritten(file.build(), edits);
      assertThat(after.needed()).containsExactly("urn:eris:" + "A".repeat(106));
      assertThat(after.rpath()).isEmpty();
      assertThat(after.runpath()).isEmpty();
    }
  }

  @Test
  void sonameIsSetWhetherOrNotThereWasOne() throws IOException {
    for (SyntheticElf file :
        List.of(SyntheticElf.bits64(), SyntheticElf.bits64().soname("libold.so"))) {
      assertThat(rewritten(file.build(), ElfEdits.none().withSoname("libnew.so")).soname())
          .contains("libnew.so");
    }
  }

  @Test
  void shortInterpreterIsWrittenInPlaceAndALongOneIsNot() throws IOException {
    byte[] file = SyntheticElf.bits64().interpreter("/lib/ld-old.so").needed("liba.so").build();
    byte[] shorter = rewrite(file, ElfEdits.none().withInterpreter("/l/ld.so"));
    assertThat(ElfFileTest.read(shorter).interpreter()).contains("/l/ld.so");
    assertThat(shorter).hasSameSizeAs(file);
    byte[] longer = rewrite(file, ElfEdits.none().withInterpreter("/lib64/" + HANDLE));
    assertThat(ElfFileTest.read(longer).interpreter()).contains("/lib64/" + HANDLE);
    assertThat(longer).hasSizeGreaterThan(file.length);
    assertThatThrownBy(
            () ->
                rewrite(
                    SyntheticElf.bits64().needed("liba.so").build(),
                    ElfEdits.none().withInterpreter("/l")))
        .hasMessage("has no interpreter to replace");
  }

  @ParameterizedTest
  @MethodSource("eris.image.elf.ElfFileTest#shapes")
  void headersMoveIntoTheNewSegmentAndKeepTheDistance(int bits, ByteOrder order)
      throws IOException {
    for (long base : new long[] {0, 0x400000}) {
      SyntheticElf elf =
          SyntheticElf.of(bits, order).interpreter("/lib/ld.so").needed("liba.so").bss(0x5000);
      if (base != 0) {
        elf.exec(base);
      }
      byte[] file = elf.build();
      ElfFile after = rewritten(file, needed("liba.so", HANDLE));
      ProgramHeader last = after.space().loads().getLast();
      ProgramHeader headers = after.segment(ProgramHeader.HEADERS).orElseThrow();
      assertThat(after.space().loads()).hasSize(3);
      assertThat(after.header().programHeaders().offset())
          .isEqualTo(headers.offset())
          .isEqualTo(last.offset());
      assertThat(headers.address()).isEqualTo(last.address());
      assertThat(last.address() - last.offset()).as("as old kernels want").isEqualTo(base);
      assertThat(last.address()).isGreaterThanOrEqualTo(base + 0x1000 + 0x5000);
      assertThat(last.flags()).isEqualTo(ProgramHeader.READ);
    }
  }

  @Test
  void hugeBssMakesNoHugeFile() throws IOException {
    SyntheticElf elf = SyntheticElf.bits64().needed("liba.so").bss(8L << 30);
    byte[] after = rewrite(elf.build(), needed("liba.so", HANDLE));
    assertThat(after).hasSizeLessThan(0x4000);
    ProgramHeader last = ElfFileTest.read(after).space().loads().getLast();
    assertThat(last.address()).isGreaterThan(8L << 30);
    assertThat(last.offset()).isEqualTo(0x2000);
  }

  @Test
  void fileIsRewrittenAgainAndAgain() throws IOException {
    byte[] file = SyntheticElf.bits64().needed("liba.so").versions("liba.so", "A_1").build();
    String name = "liba.so";
    for (int i = 0; i < 5; i++) {
      file = rewrite(file, needed(name, HANDLE + i));
      name = HANDLE + i;
    }
    ElfFile after = ElfFileTest.read(file);
    assertThat(after.needed()).containsExactly(HANDLE + "4");
    assertThat(after.versionNeeds()).containsExactly(new VersionNeed(HANDLE + "4", List.of("A_1")));
  }

  @Test
  void dynamicTableWithoutRoomRefusesAnEntry() throws IOException {
    byte[] full = SyntheticElf.bits64().needed("liba.so").spare(0).build();
    assertThat(rewritten(full, needed("liba.so", HANDLE)).needed()).containsExactly(HANDLE);
    assertThatThrownBy(() -> rewrite(full, runPath("/r")))
        .isInstanceOf(RefusedRewrite.class)
        .hasMessage("a dynamic table of 7 entries, but there is room for 6");
  }

  @Test
  void addressesThatAreUsedUpRefuseASegment() {
    byte[] full =
        SyntheticElf.of(32, ByteOrder.LITTLE_ENDIAN)
            .needed("liba.so")
            .bss((1L << 32) - 0x1100)
            .build();
    assertThatThrownBy(() -> rewrite(full, needed("liba.so", HANDLE)))
        .isInstanceOf(RefusedRewrite.class)
        .hasMessageStartingWith("no addresses are left for ");
  }

  @Test
  void stringTableOfMoreThan64MiBIsNotCopied() throws IOException {
    byte[] small = SyntheticElf.bits64().build();
    byte[] file = Arrays.copyOf(small, SyntheticElf.PAGE + (64 << 20));
    ElfBytes elf = ElfBytes.of(MemorySegment.ofArray(file));
    ProgramHeader second = ElfFileTest.read(small).space().loads().getLast();
    second.at(SyntheticElf.PAGE, SyntheticElf.PAGE, 64 << 20).writeTo(elf, 64 + 56);
    elf.setWord(SyntheticElf.PAGE + 16 + 8, SyntheticElf.PAGE); // DT_STRTAB
    elf.setWord(SyntheticElf.PAGE + 3 * 16 + 8, (64 << 20) - 6); // DT_STRSZ
    assertThat(rewritten(file, runPath("12345")).runpath()).contains("12345");
    assertThatThrownBy(() -> rewrite(file, runPath("123456")))
        .isInstanceOf(RefusedRewrite.class)
        .hasMessage("a string table of 67108865 bytes, want at most 67108864");
  }

  @Test
  void staticProgramIsRefused() {
    byte[] file = SyntheticElf.bits64().build();
    file[64 + 2 * 56] = 4; // PT_DYNAMIC becomes PT_NOTE
    assertThatThrownBy(() -> rewrite(file, runPath("/r")))
        .isInstanceOf(RefusedRewrite.class)
        .hasMessage("linked statically: it needs no libraries");
  }

  @ParameterizedTest
  @CsvSource({
    "'', liba.so, an empty name",
    "liba.so, '', an empty name",
    "ld.lib.so, liba.so, ld.lib.so keeps its name",
  })
  void namesThatCannotBeAreRefused(String before, String after, String message) {
    assertThatThrownBy(() -> needed(before, after))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void namesThatAreTooLongAreRefused() throws IOException {
    byte[] file = SyntheticElf.bits64().needed("liba.so").build();
    String longest = "n".repeat(4095);
    assertThat(rewritten(file, needed("liba.so", longest)).needed()).containsExactly(longest);
    assertThatThrownBy(() -> needed("liba.so", longest + "n"))
        .hasMessage("a name of 4096 bytes, want at most 4095");
    assertThatThrownBy(() -> runPath("p".repeat(65537)))
        .hasMessage("a run-path of 65537 bytes, want at most 65536");
    assertThatThrownBy(() -> needed("liba.so", "a\0b")).hasMessage("a name with a zero byte");
  }

  @Test
  void everyDifferenceIsFoundWhenReadAgain() throws IOException {
    byte[] file =
        SyntheticElf.bits64()
            .interpreter("/lib/ld.so")
            .needed("liba.so", "libb.so")
            .runpath("/r")
            .versions("liba.so", "A_1")
            .build();
    ElfFile before = ElfFileTest.read(file);
    ElfEdits edits = needed("liba.so", HANDLE);
    ElfRewriter rewriter = ElfRewriter.of(before, edits);
    byte[] written = rewrite(file, edits);
    rewriter.check(MemorySegment.ofArray(written));
    for (int at = 0; at < written.length; at++) {
      byte[] damaged = written.clone();
      damaged[at] ^= 1;
      assertThatThrownBy(
              () -> rewriter.check(MemorySegment.ofArray(damaged)), "byte %d flipped", at)
          .isInstanceOf(RefusedRewrite.class)
          .hasMessageStartingWith("the rewritten file ");
    }
  }
}
