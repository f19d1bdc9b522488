package eris.image.elf;

import java.nio.ByteOrder;

/// The first bytes of an ELF file, after `e_ident`.
///
/// @param machine `e_machine`
/// @param programHeaders where the table of program headers is
/// @param sectionHeaders where the table of section headers is, which nobody has checked: no loader
///     looks there
record ElfHeader(ObjectType type, int machine, Table programHeaders, Table sectionHeaders) {
  /// @param entryBytes the size of an entry
  record Table(long offset, int entryBytes, int count) {}

  static ElfHeader read(ElfBytes elf) throws MalformedElf {
    elf.require("the ELF header", 0, bytes(elf));
    long version = elf.u32(20);
    if (version != 1) {
      throw new MalformedElf(20, "version %d, want 1".formatted(version));
    }
    int sizes = sizesAt(elf);
    var header =
        new ElfHeader(
            ObjectType.of(elf.u16(16)),
            elf.u16(18),
            new Table(elf.word(programHeadersAt(elf)), elf.u16(sizes + 2), elf.u16(sizes + 4)),
            new Table(
                elf.word(programHeadersAt(elf) + elf.wordBytes()),
                elf.u16(sizes + 6),
                elf.u16(sizes + 8)));
    header.checkProgramHeaders(elf);
    return header;
  }

  private void checkProgramHeaders(ElfBytes elf) throws MalformedElf {
    if (programHeaders.count == 0) {
      return;
    }
    int wanted = ProgramHeader.bytes(elf);
    if (programHeaders.entryBytes != wanted) {
      throw new MalformedElf(
          sizesAt(elf) + 2,
          "program headers of %d bytes, want %d".formatted(programHeaders.entryBytes, wanted));
    }
    elf.require(
        "%d program headers".formatted(programHeaders.count),
        programHeaders.offset,
        (long) programHeaders.count * wanted);
  }

  static int bytes(ElfBytes elf) {
    return elf.is64Bit() ? 64 : 52;
  }

  /// Where `e_phoff` is.
  static int programHeadersAt(ElfBytes elf) {
    return 24 + elf.wordBytes();
  }

  /// Where `e_phnum` is.
  static int programHeaderCountAt(ElfBytes elf) {
    return sizesAt(elf) + 4;
  }

  /// Where `e_ehsize` is, the first of six counts and sizes.
  private static int sizesAt(ElfBytes elf) {
    return elf.is64Bit() ? 52 : 40;
  }

  /// As `uname -m` says it, or `machine-` and the number.
  String architecture(ElfBytes elf) {
    boolean is64Bit = elf.is64Bit();
    boolean isLittle = elf.order() == ByteOrder.LITTLE_ENDIAN;
    return switch (machine) {
      case 2 -> "sparc";
      case 3 -> "i686";
      case 4 -> "m68k";
      case 8 -> is64Bit ? "mips64" : "mips";
      case 15 -> is64Bit ? "parisc64" : "parisc";
      case 20 -> "ppc";
      case 21 -> isLittle ? "ppc64le" : "ppc64";
      case 22 -> is64Bit ? "s390x" : "s390";
      case 40 -> isLittle ? "armv7l" : "armv7b";
      case 42 -> "sh4";
      case 43 -> "sparc64";
      case 50 -> "ia64";
      case 62 -> is64Bit ? "x86_64" : "x32";
      case 183 -> isLittle ? "aarch64" : "aarch64_be";
      case 243 -> is64Bit ? "riscv64" : "riscv32";
      case 258 -> is64Bit ? "loongarch64" : "loongarch32";
      default -> "machine-" + machine;
    };
  }
}
