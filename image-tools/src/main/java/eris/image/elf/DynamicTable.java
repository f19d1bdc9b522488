package eris.image.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What the dynamic loader is told (`PT_DYNAMIC`).
///
/// @param offset in the file
/// @param slots how many entries there is room for, the end mark included
/// @param entries those before the end mark
record DynamicTable(long offset, int slots, List<Entry> entries) {
  static final long NULL = 0;
  static final long NEEDED = 1;
  static final long HASH = 4;
  static final long STRTAB = 5;
  static final long STRSZ = 10;
  static final long SONAME = 14;
  static final long RPATH = 15;
  static final long RUNPATH = 29;
  static final long VERNEED = 0x6ffffffeL;
  static final long VERNEEDNUM = 0x6fffffffL;

  private static final int MAX_SLOTS = 8192;

  record Entry(long tag, long value) {}

  DynamicTable {
    entries = List.copyOf(entries);
  }

  /// What a file has that is linked statically.
  static DynamicTable none() {
    return new DynamicTable(0, 0, List.of());
  }

  static DynamicTable read(ElfBytes elf, ProgramHeader segment, AddressSpace space)
      throws MalformedElf {
    long offset = space.offsetOf("the dynamic table", segment.address(), segment.fileSize());
    if (offset != segment.offset()) {
      throw new MalformedElf(
          segment.offset(),
          "the dynamic table is here, but its address 0x%x is byte %d"
              .formatted(segment.address(), offset));
    }
    long slots = segment.fileSize() / entryBytes(elf);
    if (slots > MAX_SLOTS) {
      throw new MalformedElf(
          offset, "a dynamic table of %d entries, want at most %d".formatted(slots, MAX_SLOTS));
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      long at = offset + (long) i * entryBytes(elf);
      var entry = new Entry(elf.word(at), elf.word(at + elf.wordBytes()));
      if (entry.tag == NULL) {
        return new DynamicTable(offset, (int) slots, entries);
      }
      entries.add(entry);
    }
    throw new MalformedElf(
        offset, "a dynamic table of %d entries without an end mark".formatted(slots));
  }

  static int entryBytes(ElfBytes elf) {
    return 2 * elf.wordBytes();
  }

  /// The value that the loader takes: of several entries, the last.
  OptionalLong last(long tag) {
    for (Entry entry : entries.reversed()) {
      if (entry.tag == tag) {
        return OptionalLong.of(entry.value);
      }
    }
    return OptionalLong.empty();
  }
}
