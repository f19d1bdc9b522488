package eris.image.elf;

import java.util.List;
import java.util.Optional;

/// Where that lies which has outgrown its place: in one more `PT_LOAD` segment after all others, at
/// the end of the file.
///
/// Its program header needs room. Where the table of headers is loaded, it is followed by what is in
/// use, and the whole table moves into the new segment. There it keeps the distance between offset
/// and address that the first segment has, since Linux before 5.18 tells programs where their
/// headers are by that distance.
///
/// @param offset in the file
/// @param address in memory
/// @param page what both are multiples of
/// @param holdsHeaders whether the table of program headers begins it
/// @param interpreterAt where in it the interpreter's name is
/// @param stringsAt where in it the string table is
/// @param size of all, in the file as in memory
record NewSegment(
    long offset,
    long address,
    long page,
    boolean holdsHeaders,
    long interpreterAt,
    long stringsAt,
    long size) {
  /// Address space that no segment uses becomes zeros in the file, for the distance's sake.
  private static final long MAX_HOLE_OF_PROGRAM = 64 << 20;

  private static final long MAX_HOLE_OF_LIBRARY = 64 << 10;
  private static final long MAX_STRING_BYTES = 64 << 20;
  private static final long MIN_PAGE = 4096;
  private static final long MAX_PAGE = 65536;
  private static final int MAX_HEADERS = 0xfffe;

  static NewSegment of(
      ElfFile file, ElfEdits.LoadingSystem system, long interpreterBytes, long stringBytes)
      throws RefusedRewrite {
    int headerCount = file.programHeaders().size() + 1;
    if (headerCount > MAX_HEADERS) {
      throw new RefusedRewrite("there are %d program headers already".formatted(headerCount - 1));
    }
    if (stringBytes > MAX_STRING_BYTES) {
      throw new RefusedRewrite(
          "a string table of %d bytes, want at most %d".formatted(stringBytes, MAX_STRING_BYTES));
    }
    boolean moves = !HeaderRoom.isAfterTable(file);
    if (moves && system == ElfEdits.LoadingSystem.GENODE) {
      throw new RefusedRewrite("no room for a program header after the others, as Genode has it");
    }
    long headerBytes = moves ? (long) headerCount * ProgramHeader.bytes(file.bytes()) : 0;
    long stringsAt = headerBytes + interpreterBytes;
    long size = stringsAt + stringBytes;
    Place place = place(file, moves);
    requireAddresses(file, place.address, size);
    return new NewSegment(
        place.offset, place.address, pageOf(file), moves, headerBytes, stringsAt, size);
  }

  ProgramHeader header(ElfEdits.LoadingSystem system) {
    return header(
        system, new ProgramHeader(ProgramHeader.LOAD, 0, offset, address, 0, size, size, page));
  }

  /// The header that a segment has which lies where `placed` does.
  static ProgramHeader header(ElfEdits.LoadingSystem system, ProgramHeader placed) {
    int flags =
        switch (system) {
          case LINUX -> ProgramHeader.READ;
          case GENODE -> ProgramHeader.READ | ProgramHeader.EXECUTE;
        };
    long size = placed.fileSize();
    return new ProgramHeader(
        ProgramHeader.LOAD,
        flags,
        placed.offset(),
        placed.address(),
        placed.address(),
        size,
        size,
        Long.highestOneBit(Math.clamp(placed.align(), MIN_PAGE, MAX_PAGE)));
  }

  private record Place(long offset, long address) {}

  private static Place place(ElfFile file, boolean keepsDistance) {
    long page = pageOf(file);
    List<ProgramHeader> loads = file.space().loads();
    long offset = roundUp(file.bytes().size(), page);
    long address = roundUp(loads.getLast().end(), page);
    long distance = loads.getFirst().address() - loads.getFirst().offset();
    long hole = address - distance - offset;
    if (!keepsDistance || hole > maxHole(file) || distance % page != 0) {
      return new Place(offset, address);
    }
    long end = Math.max(offset, address - distance);
    return new Place(end, end + distance);
  }

  private static long maxHole(ElfFile file) {
    return file.interpreter().isPresent() ? MAX_HOLE_OF_PROGRAM : MAX_HOLE_OF_LIBRARY;
  }

  /// The biggest page that the file is made for. Alignment beyond any page is for speed.
  private static long pageOf(ElfFile file) {
    Optional<Long> align =
        file.space().loads().stream().map(ProgramHeader::align).max(Long::compareUnsigned);
    return Long.highestOneBit(Math.clamp(align.orElse(MIN_PAGE), MIN_PAGE, MAX_PAGE));
  }

  private static void requireAddresses(ElfFile file, long address, long size)
      throws RefusedRewrite {
    long most = file.is64Bit() ? Long.MAX_VALUE : 1L << 32;
    if (address < 0 || address > most - size) {
      throw new RefusedRewrite(
          "no addresses are left for %d bytes after 0x%x".formatted(size, address));
    }
  }

  private static long roundUp(long value, long page) {
    return (value + page - 1) & -page;
  }
}
