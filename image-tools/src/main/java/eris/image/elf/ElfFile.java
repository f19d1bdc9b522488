package eris.image.elf;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// An ELF file as its dynamic loader sees it: by program headers alone, so that a file without
/// section headers reads the same. 32 and 64 bit, little and big endian, of any size.
///
/// Nothing is believed before it is checked, and nothing allocated by what the file says. The bytes
/// are not copied: they must stay as they are, and readable, as long as this is used.
public final class ElfFile {
  private static final int MAX_INTERPRETER_BYTES = 4096; // as Linux has it, with its zero byte

  private final ElfBytes elf;
  private final ElfHeader header;
  private final List<ProgramHeader> programHeaders;
  private final AddressSpace space;
  private final DynamicTable dynamic;
  private final StringTable strings;
  private final Optional<String> interpreter;
  private final List<String> needed;
  private final Optional<String> soname;
  private final Optional<String> rpath;
  private final Optional<String> runpath;
  private final List<VersionNeeds.Entry> versionNeeds;

  private ElfFile(ElfBytes elf) throws MalformedElf {
    this.elf = elf;
    header = ElfHeader.read(elf);
    programHeaders = ProgramHeader.readAll(elf, header.programHeaders());
    interpreter = readInterpreter();
    Optional<ProgramHeader> segment = dynamicSegment();
    space = AddressSpace.of(elf, segment.isPresent() ? programHeaders : List.of());
    dynamic =
        segment.isPresent() ? DynamicTable.read(elf, segment.get(), space) : DynamicTable.none();
    strings = StringTable.of(elf, dynamic, space);
    needed = readNeeded();
    soname = readName("the soname", DynamicTable.SONAME);
    rpath = readPath("the rpath", DynamicTable.RPATH);
    runpath = readPath("the runpath", DynamicTable.RUNPATH);
    versionNeeds = VersionNeeds.read(elf, dynamic, space, strings);
  }

  /// Reads all that the accessors tell.
  ///
  /// @param bytes the whole file, in memory or mapped
  public static ElfFile read(MemorySegment bytes) throws MalformedElf {
    return new ElfFile(ElfBytes.of(bytes));
  }

  /// Whether it begins as an ELF file does. The rest may be anything.
  public static boolean isElf(MemorySegment bytes) {
    return ElfBytes.isElf(bytes);
  }

  public boolean is64Bit() {
    return elf.is64Bit();
  }

  /// The machine it is for, as `uname -m` says it there: `x86_64`, `i686`, `aarch64`, `armv7l`,
  /// `riscv64`, `ppc64le`, `s390x` and so on; for one not known here `machine-` and its number.
  public String architecture() {
    return header.architecture(elf);
  }

  public ObjectType type() {
    return header.type();
  }

  /// Whether a dynamic loader has something to do: else it is linked statically.
  public boolean isDynamic() {
    return dynamic.slots() > 0;
  }

  /// The program that loads it (`PT_INTERP`), as in `/lib64/ld-linux-x86-64.so.2`.
  public Optional<String> interpreter() {
    return interpreter;
  }

  /// The libraries it needs (`DT_NEEDED`), in the order of the file.
  public List<String> needed() {
    return needed;
  }

  /// The name by which others need it (`DT_SONAME`).
  public Optional<String> soname() {
    return soname;
  }

  /// Where its libraries, and theirs, are searched first (`DT_RPATH`), separated by colons. A loader
  /// that finds a [#runpath] does not look at it.
  public Optional<String> rpath() {
    return rpath;
  }

  /// Where its own libraries are searched (`DT_RUNPATH`), separated by colons.
  public Optional<String> runpath() {
    return runpath;
  }

  /// The versions it needs of its libraries, in the order of the file.
  public List<VersionNeed> versionNeeds() {
    return versionNeeds.stream().map(VersionNeeds.Entry::need).toList();
  }

  /// All program headers, in the order of the file.
  public List<ProgramHeader> programHeaders() {
    return programHeaders;
  }

  ElfBytes bytes() {
    return elf;
  }

  ElfHeader header() {
    return header;
  }

  AddressSpace space() {
    return space;
  }

  DynamicTable dynamic() {
    return dynamic;
  }

  StringTable strings() {
    return strings;
  }

  List<VersionNeeds.Entry> versionEntries() {
    return versionNeeds;
  }

  Optional<ProgramHeader> segment(long type) {
    return programHeaders.stream().filter(segment -> segment.is(type)).findFirst();
  }

  /// Files of debug information have one that is empty.
  private Optional<ProgramHeader> dynamicSegment() {
    return segment(ProgramHeader.DYNAMIC).filter(segment -> segment.fileSize() != 0);
  }

  private Optional<String> readInterpreter() throws MalformedElf {
    Optional<ProgramHeader> segment =
        segment(ProgramHeader.INTERPRETER).filter(found -> found.fileSize() != 0);
    if (segment.isEmpty()) {
      return Optional.empty();
    }
    long offset = segment.get().offset();
    long size = segment.get().fileSize();
    elf.require("the interpreter's name", offset, size);
    if (size > MAX_INTERPRETER_BYTES) {
      throw new MalformedElf(
          offset,
          "the interpreter's name has %d bytes, want at most %d"
              .formatted(size, MAX_INTERPRETER_BYTES));
    }
    return Optional.of(
        elf.string("the interpreter's name", offset, offset + size, MAX_INTERPRETER_BYTES - 1));
  }

  private List<String> readNeeded() throws MalformedElf {
    List<String> names = new ArrayList<>();
    for (DynamicTable.Entry entry : dynamic.entries()) {
      if (entry.tag() == DynamicTable.NEEDED) {
        names.add(strings.name("a needed library", entry.value()));
      }
    }
    return List.copyOf(names);
  }

  private Optional<String> readName(String what, long tag) throws MalformedElf {
    OptionalLong index = dynamic.last(tag);
    return index.isPresent()
        ? Optional.of(strings.name(what, index.getAsLong()))
        : Optional.empty();
  }

  private Optional<String> readPath(String what, long tag) throws MalformedElf {
    OptionalLong index = dynamic.last(tag);
    return index.isPresent()
        ? Optional.of(strings.path(what, index.getAsLong()))
        : Optional.empty();
  }
}
