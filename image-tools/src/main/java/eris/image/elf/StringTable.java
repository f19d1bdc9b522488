package eris.image.elf;

/// The strings that the dynamic table speaks of by their offset (`DT_STRTAB`).
///
/// @param offset in the file
record StringTable(ElfBytes elf, long offset, long size) {
  /// No system has longer names of files.
  static final int MAX_NAME_BYTES = 4095;

  /// Search paths may be longer than a name.
  static final int MAX_PATH_BYTES = 1 << 16;

  /// The table that `dynamic` names. One that names none has an empty one.
  static StringTable of(ElfBytes elf, DynamicTable dynamic, AddressSpace space)
      throws MalformedElf {
    if (dynamic.last(DynamicTable.STRTAB).isEmpty()) {
      return new StringTable(elf, 0, 0);
    }
    long address = dynamic.last(DynamicTable.STRTAB).getAsLong();
    long size = dynamic.last(DynamicTable.STRSZ).orElse(0);
    return new StringTable(elf, space.offsetOf("the string table", address, size), size);
  }

  String name(String what, long index) throws MalformedElf {
    return string(what, index, MAX_NAME_BYTES);
  }

  String path(String what, long index) throws MalformedElf {
    return string(what, index, MAX_PATH_BYTES);
  }

  private String string(String what, long index, int maxBytes) throws MalformedElf {
    if (Long.compareUnsigned(index, size) >= 0) {
      throw new MalformedElf(
          offset,
          "%s is string %s of a table of %d bytes"
              .formatted(what, Long.toUnsignedString(index), size));
    }
    return elf.string(what, offset + index, offset + size, maxBytes);
  }
}
