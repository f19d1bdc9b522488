package eris.image.elf;

import java.util.ArrayList;
import java.util.List;

/// A program header: a part of the file and what a loader does with it. Addresses, offsets and sizes
/// are unsigned.
///
/// @param type `PT_LOAD` and others, see the constants
/// @param flags of [#READ], [#WRITE] and [#EXECUTE]
/// @param offset in the file
/// @param address in memory (`p_vaddr`)
/// @param physicalAddress which no loader uses
/// @param fileSize bytes in the file
/// @param memorySize bytes in memory: what the file does not give is zero
/// @param align address and offset are the same modulo this
public record ProgramHeader(
    long type,
    int flags,
    long offset,
    long address,
    long physicalAddress,
    long fileSize,
    long memorySize,
    long align) {
  public static final int EXECUTE = 1;
  public static final int WRITE = 2;
  public static final int READ = 4;

  public static final long LOAD = 1;
  public static final long DYNAMIC = 2;
  public static final long INTERPRETER = 3;
  public static final long HEADERS = 6;

  static int bytes(ElfBytes elf) {
    return elf.is64Bit() ? 56 : 32;
  }

  static List<ProgramHeader> readAll(ElfBytes elf, ElfHeader.Table table) throws MalformedElf {
    List<ProgramHeader> headers = new ArrayList<>();
    for (int i = 0; i < table.count(); i++) {
      headers.add(read(elf, table.offset() + (long) i * table.entryBytes()));
    }
    return List.copyOf(headers);
  }

  private static ProgramHeader read(ElfBytes elf, long at) throws MalformedElf {
    int word = elf.wordBytes();
    long words = at + word; // type and, with 64 bit, the flags come first
    return new ProgramHeader(
        elf.u32(at),
        (int) elf.u32(elf.is64Bit() ? at + 4 : at + 24),
        elf.word(words),
        elf.word(words + word),
        elf.word(words + 2L * word),
        elf.word(words + 3L * word),
        elf.word(words + 4L * word),
        elf.word(elf.is64Bit() ? at + 48 : at + 28));
  }

  void writeTo(ElfBytes elf, long at) {
    int word = elf.wordBytes();
    long words = at + word;
    elf.setU32(at, type);
    elf.setU32(elf.is64Bit() ? at + 4 : at + 24, flags);
    elf.setWord(words, offset);
    elf.setWord(words + word, address);
    elf.setWord(words + 2L * word, physicalAddress);
    elf.setWord(words + 3L * word, fileSize);
    elf.setWord(words + 4L * word, memorySize);
    elf.setWord(elf.is64Bit() ? at + 48 : at + 28, align);
  }

  boolean is(long wanted) {
    return type == wanted;
  }

  /// The same elsewhere, all of it in the file.
  ProgramHeader at(long newOffset, long newAddress, long size) {
    return new ProgramHeader(type, flags, newOffset, newAddress, newAddress, size, size, align);
  }

  /// The first address after it.
  long end() {
    return address + memorySize;
  }
}
