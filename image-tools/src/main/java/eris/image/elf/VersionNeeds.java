package eris.image.elf;

import java.util.ArrayList;
import java.util.List;

/// Reads the versions that a file needs of its libraries (`DT_VERNEED`): a chain of entries, each
/// with a chain of versions.
///
/// ```
/// entry     0 version (1)  2 count  4 file       8 versions at  12 next entry at
/// version   0 hash         4 flags  6 other      8 name         12 next version at
/// ```
final class VersionNeeds {
  /// Where the name of the file is in an entry.
  static final int FILE_AT = 4;

  private static final int ENTRY_BYTES = 16;
  private static final int MAX_VERSIONS = 1 << 14;

  private final ElfBytes elf;
  private final AddressSpace space;
  private final StringTable strings;
  private int versionCount;

  /// @param offset of the entry in the file
  record Entry(long offset, VersionNeed need) {}

  private VersionNeeds(ElfBytes elf, AddressSpace space, StringTable strings) {
    this.elf = elf;
    this.space = space;
    this.strings = strings;
  }

  static List<Entry> read(
      ElfBytes elf, DynamicTable dynamic, AddressSpace space, StringTable strings)
      throws MalformedElf {
    if (dynamic.last(DynamicTable.VERNEED).isEmpty()) {
      return List.of();
    }
    long address = dynamic.last(DynamicTable.VERNEED).getAsLong();
    List<Entry> entries = new VersionNeeds(elf, space, strings).entries(address);
    long wanted = dynamic.last(DynamicTable.VERNEEDNUM).orElse(0);
    if (entries.size() != wanted) {
      throw new MalformedElf(
          entries.getFirst().offset,
          "versions of %d files are needed, want %s"
              .formatted(entries.size(), Long.toUnsignedString(wanted)));
    }
    return entries;
  }

  private List<Entry> entries(long first) throws MalformedElf {
    List<Entry> entries = new ArrayList<>();
    for (long address = first, next = -1; next != 0; address += next) {
      long at = space.offsetOf("a need of versions", address, ENTRY_BYTES);
      if (elf.u16(at) != 1) {
        throw new MalformedElf(at, "needs of versions of format %d, want 1".formatted(elf.u16(at)));
      }
      String file = strings.name("the name of a file", elf.u32(at + FILE_AT));
      List<String> versions = versions(at, address + elf.u32(at + 8));
      entries.add(new Entry(at, new VersionNeed(file, versions)));
      next = elf.u32(at + 12);
    }
    return entries;
  }

  private List<String> versions(long entry, long first) throws MalformedElf {
    List<String> versions = new ArrayList<>();
    int count = elf.u16(entry + 2);
    for (long address = first, next = -1; next != 0; address += next) {
      if (++versionCount > MAX_VERSIONS || versions.size() == count) {
        throw new MalformedElf(
            entry, "needs more than %d versions".formatted(Math.min(count, MAX_VERSIONS)));
      }
      long at = space.offsetOf("a version", address, ENTRY_BYTES);
      versions.add(strings.name("a version", elf.u32(at + 8)));
      next = elf.u32(at + 12);
    }
    if (versions.size() != count) {
      throw new MalformedElf(entry, "needs %d versions, want %d".formatted(versions.size(), count));
    }
    return versions;
  }
}
