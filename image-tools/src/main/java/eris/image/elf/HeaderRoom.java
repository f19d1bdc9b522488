package eris.image.elf;

import java.lang.foreign.ValueLayout;

/// Looks for room for one more program header right after the others.
final class HeaderRoom {
  private HeaderRoom() {}

  /// Whether the bytes after the table are zero, and neither a segment nor a section nor the table
  /// of sections has them. Zeros that are loaded may be somebody's data: then no room is seen.
  static boolean isAfterTable(ElfFile file) {
    ElfBytes elf = file.bytes();
    ElfHeader.Table table = file.header().programHeaders();
    long start = table.offset() + (long) table.count() * table.entryBytes();
    long end = start + table.entryBytes();
    return end <= elf.size() && isZero(elf, start, end) && !isUsed(file, table.offset(), end);
  }

  private static boolean isZero(ElfBytes elf, long start, long end) {
    for (long at = start; at < end; at++) {
      if (elf.segment().get(ValueLayout.JAVA_BYTE, at) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUsed(ElfFile file, long start, long end) {
    ElfHeader.Table table = file.header().sectionHeaders();
    long tableBytes = (long) table.count() * table.entryBytes();
    return file.programHeaders().stream()
            .filter(segment -> !segment.is(ProgramHeader.HEADERS))
            .anyMatch(segment -> meet(segment.offset(), segment.fileSize(), start, end))
        || SectionHeaders.read(file.bytes(), table).stream()
            .filter(SectionHeaders.Section::isInFile)
            .anyMatch(section -> meet(section.offset(), section.size(), start, end))
        || meet(table.offset(), tableBytes, start, end);
  }

  /// What ends beyond all numbers meets everything.
  private static boolean meet(long offset, long size, long start, long end) {
    return size != 0 && offset < end && (offset + size > start || offset + size < offset);
  }
}
