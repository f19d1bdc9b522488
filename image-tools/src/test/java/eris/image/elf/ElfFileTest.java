package eris.image.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ElfFileTest {
  @TempDir Path home;

  static Stream<Arguments> shapes() {
    return Stream.of(32, 64)
        .flatMap(
            bits ->
                Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)
                    .map(order -> Arguments.of(bits, order)));
  }

  static ElfFile read(byte[] bytes) throws MalformedElf {
    return ElfFile.read(MemorySegment.ofArray(bytes));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void allIsReadOfEachClassAndByteOrder(int bits, ByteOrder order) throws MalformedElf {
    ElfFile elf =
        read(
            SyntheticElf.of(bits, order)
                .interpreter("/lib/ld.so")
                .needed("libb.so.1", "liba.so.2")
                .soname("libx.so")
                .rpath("/r:$ORIGIN/lib")
                .runpath("/u")
                .versions("libb.so.1", "B_1", "B_2")
                .versions("liba.so.2", "A_1")
                .build());
    assertThat(elf.is64Bit()).isEqualTo(bits == 64);
    assertThat(elf.type()).isEqualTo(ObjectType.DYN);
    assertThat(elf.isDynamic()).isTrue();
    assertThat(elf.interpreter()).contains("/lib/ld.so");
    assertThat(elf.needed()).containsExactly("libb.so.1", "liba.so.2");
    assertThat(elf.soname()).contains("libx.so");
    assertThat(elf.rpath()).contains("/r:$ORIGIN/lib");
    assertThat(elf.runpath()).contains("/u");
    assertThat(elf.versionNeeds())
        .containsExactly(
            new VersionNeed("libb.so.1", List.of("B_1", "B_2")),
            new VersionNeed("liba.so.2", List.of("A_1")));
  }

  @Test
  void whatIsNotThereIsEmpty() throws MalformedElf {
    ElfFile elf = read(SyntheticElf.bits64().exec(0x400000).build());
    assertThat(elf.type()).isEqualTo(ObjectType.EXEC);
    assertThat(elf.isDynamic()).isTrue();
    assertThat(elf.needed()).isEmpty();
    assertThat(elf.interpreter()).isEmpty();
    assertThat(elf.soname()).isEmpty();
    assertThat(elf.rpath()).isEmpty();
    assertThat(elf.runpath()).isEmpty();
    assertThat(elf.versionNeeds()).isEmpty();
  }

  @Test
  void ofTwoSonamesTheLastCountsAsForTheLoader() throws MalformedElf {
    assertThat(read(SyntheticElf.bits64().soname("old").soname("new").build()).soname())
        .contains("new");
  }

  @ParameterizedTest
  @CsvSource({
    "62, 64, x86_64",
    "62, 32, x32",
    "3, 32, i686",
    "183, 64, aarch64",
    "40, 32, armv7l",
    "243, 64, riscv64",
    "243, 32, riscv32",
    "21, 64, ppc64le",
    "22, 64, s390x",
    "4711, 64, machine-4711",
  })
  void architectureIsWhatUnameSays(int machine, int bits, String name) throws MalformedElf {
    byte[] file = SyntheticElf.of(bits, ByteOrder.LITTLE_ENDIAN).machine(machine).build();
    assertThat(read(file).architecture()).isEqualTo(name);
  }

  @Test
  void staticProgramNeedsNothing() throws MalformedElf {
    byte[] file = SyntheticElf.bits64().needed("liba.so").build();
    file[64 + 2 * 56] = 4; // PT_DYNAMIC becomes PT_NOTE
    ElfFile elf = read(file);
    assertThat(elf.isDynamic()).isFalse();
    assertThat(elf.needed()).isEmpty();
  }

  @Test
  void whatIsNoElfFileIsNamed() {
    assertNotRead("", "malformed ELF at byte 0: not an ELF file, but empty");
    assertNotRead("#!/bin/sh\n", "malformed ELF at byte 0: not an ELF file, but a script");
    assertNotRead("\u007fEL", "malformed ELF at byte 0: not an ELF file, but something else");
    assertNotRead("\u007fELF\2\1\1", "malformed ELF at byte 0: ends after 7 bytes");
    assertNotRead(
        "\u007fELF\3\1\1         ",
        "malformed ELF at byte 4: class 3, want 1 (32 bit) or 2 (64 bit)");
    assertNotRead(
        "\u007fELF\2\0\1         ",
        "malformed ELF at byte 5: byte order 0, want 1 (little) or 2 (big)");
    assertThat(ElfFile.isElf(MemorySegment.ofArray(new byte[] {0x7f, 'E', 'L', 'F'}))).isTrue();
    assertThat(ElfFile.isElf(MemorySegment.ofArray(new byte[] {0x7f, 'E', 'L'}))).isFalse();
  }

  private static void assertNotRead(String bytes, String message) {
    assertThatThrownBy(() -> read(bytes.getBytes(StandardCharsets.ISO_8859_1)))
        .isInstanceOf(MalformedElf.class)
        .hasMessage(message);
  }

  @Test
  void longestNameIsReadAndALongerOneIsNot() throws MalformedElf {
    String longest = "n".repeat(4095);
    assertThat(read(SyntheticElf.bits64().needed(longest).build()).needed())
        .containsExactly(longest);
    byte[] longer = SyntheticElf.bits64().needed(longest + "n").build();
    assertThatThrownBy(() -> read(longer))
        .isInstanceOf(MalformedElf.class)
        .hasMessageContaining("a needed library has no end within 4096 bytes, want at most 4095");
  }

  @Test
  void nameThatIsNoTextIsRefused() {
    byte[] file = SyntheticElf.bits64().needed("lib\u00e9.so").build();
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf("lib\u00c3");
    file[at + 4] = 'x';
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(MalformedElf.class)
        .hasMessage("malformed ELF at byte %d: a needed library is not UTF-8", at);
  }

  @Test
  void fileIsReadAtAnyLengthOrRefused() {
    byte[] file =
        SyntheticElf.bits64()
            .interpreter("/lib/ld.so")
            .needed("liba.so")
            .versions("liba.so", "A_1")
            .build();
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> read(cut)).as("%d bytes", length).isInstanceOf(MalformedElf.class);
    }
  }

  /// Segments that name bytes beyond 2 and 4 GiB: the names are at the end of the file.
  @Test
  void fileOf5GiBIsReadWhereMapped() throws IOException {
    long end = 5L << 30;
    byte[] file = SyntheticElf.bits64().needed("liba.so").soname("libfar.so").build();
    ElfFile near = read(file);
    ElfBytes elf = ElfBytes.of(MemorySegment.ofArray(file));
    long shift = end - SyntheticElf.PAGE;
    for (int i = 0; i < 3; i++) { // the headers alone stay at the beginning
      ProgramHeader old = near.programHeaders().get(i);
      old.at(old.offset() + shift, old.address(), old.fileSize()).writeTo(elf, 64 + 56L * i);
    }
    Path big = home.resolve("big");
    try (var out = new RandomAccessFile(big.toFile(), "rw")) {
      out.write(file, 0, SyntheticElf.PAGE);
      out.seek(shift);
      out.write(file);
    }
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(big)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      ElfFile far = ElfFile.read(mapped);
      assertThat(far.needed()).containsExactly("liba.so");
      assertThat(far.soname()).contains("libfar.so");
      assertThat(ElfRewriter.of(far, ElfEdits.none().withSoname("new.so")).sizeBytes())
          .isGreaterThan(end);
    }
  }
}
