package eris.image.elf;

import java.util.List;

/// What a loader maps: the `PT_LOAD` segments, by which addresses become offsets in the file.
final class AddressSpace {
  private final List<ProgramHeader> loads;

  private AddressSpace(List<ProgramHeader> loads) {
    this.loads = loads;
  }

  /// @throws MalformedElf if a segment is not in the file, ends beyond all addresses, or begins
  ///     before the end of the one before it
  static AddressSpace of(ElfBytes elf, List<ProgramHeader> headers) throws MalformedElf {
    List<ProgramHeader> loads = headers.stream().filter(h -> h.is(ProgramHeader.LOAD)).toList();
    long last = 0;
    for (ProgramHeader load : loads) {
      check(elf, load);
      if (Long.compareUnsigned(load.address(), last) < 0) {
        throw new MalformedElf(
            load.offset(),
            "segment at address 0x%x, want at least 0x%x, the end of the one before"
                .formatted(load.address(), last));
      }
      last = load.end();
    }
    return new AddressSpace(loads);
  }

  private static void check(ElfBytes elf, ProgramHeader load) throws MalformedElf {
    elf.require("a segment", load.offset(), load.fileSize());
    if (Long.compareUnsigned(load.memorySize(), load.fileSize()) < 0) {
      throw new MalformedElf(
          load.offset(),
          "segment of %d bytes in the file and %d in memory"
              .formatted(load.fileSize(), load.memorySize()));
    }
    boolean wraps = Long.compareUnsigned(load.end(), load.address()) < 0;
    if (wraps || (!elf.is64Bit() && load.end() > 1L << 32)) {
      throw new MalformedElf(
          load.offset(),
          "segment of 0x%x bytes at address 0x%x".formatted(load.memorySize(), load.address()));
    }
  }

  /// The loadable segments, ascending.
  List<ProgramHeader> loads() {
    return loads;
  }

  /// Where in the file the `size` bytes at `address` come from.
  long offsetOf(String what, long address, long size) throws MalformedElf {
    for (ProgramHeader load : loads) {
      long within = address - load.address();
      if (within >= 0 && size >= 0 && size <= load.fileSize() && within <= load.fileSize() - size) {
        return load.offset() + within;
      }
    }
    throw new MalformedElf(
        0,
        "%s of %s bytes at address 0x%x, where no segment loads the file"
            .formatted(what, Long.toUnsignedString(size), address));
  }
}
