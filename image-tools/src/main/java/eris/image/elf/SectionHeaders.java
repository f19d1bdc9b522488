package eris.image.elf;

import java.util.ArrayList;
import java.util.List;

/// The section headers, for debuggers and `readelf`: no loader looks at them, and a file may have
/// none.
final class SectionHeaders {
  static final long PROGBITS = 1;
  static final long STRTAB = 3;
  private static final long NOBITS = 8;
  private static final long ALLOC = 2;

  /// @param at where the header is in the file
  record Section(long at, long type, long flags, long address, long offset, long size) {
    boolean isLoaded() {
      return (flags & ALLOC) != 0;
    }

    boolean isInFile() {
      return type != NOBITS;
    }

    /// Changes a copy of the header: the section lies elsewhere.
    void moveTo(ElfBytes copy, long newAddress, long newOffset, long newSize) {
      int at = addressAt(copy);
      copy.setWord(at, newAddress);
      copy.setWord(at + copy.wordBytes(), newOffset);
      copy.setWord(at + 2L * copy.wordBytes(), newSize);
    }
  }

  private SectionHeaders() {}

  static int bytes(ElfBytes elf) {
    return elf.is64Bit() ? 64 : 40;
  }

  private static int addressAt(ElfBytes elf) {
    return 8 + elf.wordBytes();
  }

  /// All of them; none if their table is not whole.
  static List<Section> read(ElfBytes elf, ElfHeader.Table table) {
    List<Section> sections = new ArrayList<>();
    if (table.entryBytes() != bytes(elf)) {
      return sections;
    }
    try {
      elf.require("section headers", table.offset(), (long) table.count() * bytes(elf));
      for (int i = 0; i < table.count(); i++) {
        sections.add(read(elf, table.offset() + (long) i * bytes(elf)));
      }
    } catch (MalformedElf _) {
      return List.of();
    }
    return sections;
  }

  private static Section read(ElfBytes elf, long at) throws MalformedElf {
    int word = elf.wordBytes();
    long address = at + addressAt(elf);
    return new Section(
        at,
        elf.u32(at + 4),
        elf.word(at + 8),
        elf.word(address),
        elf.word(address + word),
        elf.word(address + 2L * word));
  }
}
