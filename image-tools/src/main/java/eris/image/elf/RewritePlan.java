package eris.image.elf;

import eris.image.elf.SectionHeaders.Section;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Works out which bytes of a file edits change.
final class RewritePlan {
  private final ElfFile file;
  private final ElfEdits edits;
  private final ElfBytes elf;
  private final GrowingStrings strings;
  private final Patches patches;

  RewritePlan(ElfFile file, ElfEdits edits) {
    this.file = file;
    this.edits = edits;
    elf = file.bytes();
    strings = new GrowingStrings(file.strings());
    patches = new Patches(elf.segment());
  }

  Patches patches() throws RefusedRewrite {
    if (!file.isDynamic()) {
      throw new RefusedRewrite("linked statically: it needs no libraries");
    }
    List<DynamicTable.Entry> entries = DynamicEdits.of(file, edits, strings);
    renameFilesOfVersions();
    Optional<MemorySegment> interpreter = newInterpreter();
    if (strings.hasGrown() || (interpreter.isPresent() && !fitsInPlace(interpreter.get()))) {
      entries = grow(entries, interpreter);
    } else if (interpreter.isPresent()) {
      putInterpreterInPlace(interpreter.get());
    }
    putDynamic(entries);
    return patches;
  }

  private void renameFilesOfVersions() throws RefusedRewrite {
    for (VersionNeeds.Entry entry : file.versionEntries()) {
      String name = entry.need().file();
      if (!edits.renamed(name).equals(name)) {
        MemorySegment part = patches.at(entry.offset() + VersionNeeds.FILE_AT, Integer.BYTES);
        elf.over(part).setU32(0, indexOfFile(edits.renamed(name)));
      }
    }
  }

  private long indexOfFile(String name) throws RefusedRewrite {
    long index = strings.indexOf(name);
    if (index >= 1L << 32) {
      throw new RefusedRewrite(
          "a string table of 4 GiB has no room for names in needs of versions");
    }
    return index;
  }

  /// With its zero byte; empty if it stays.
  private Optional<MemorySegment> newInterpreter() throws RefusedRewrite {
    if (edits.interpreter().isEmpty() || edits.interpreter().equals(file.interpreter())) {
      return Optional.empty();
    }
    if (file.interpreter().isEmpty()) {
      throw new RefusedRewrite("has no interpreter to replace");
    }
    byte[] name = (edits.interpreter().get() + '\0').getBytes(StandardCharsets.UTF_8);
    return Optional.of(MemorySegment.ofArray(name));
  }

  private ProgramHeader interpreterSegment() {
    return file.segment(ProgramHeader.INTERPRETER).orElseThrow();
  }

  private boolean fitsInPlace(MemorySegment interpreter) {
    return interpreter.byteSize() <= interpreterSegment().fileSize();
  }

  private List<DynamicTable.Entry> grow(
      List<DynamicTable.Entry> entries, Optional<MemorySegment> interpreter) throws RefusedRewrite {
    long interpreterBytes = interpreter.map(MemorySegment::byteSize).orElse(0L);
    var segment = NewSegment.of(file, edits.system(), interpreterBytes, strings.size());
    MemorySegment part = patches.at(segment.offset(), segment.size());
    putHeaders(segment, interpreterBytes, part);
    if (interpreter.isPresent()) {
      part.asSlice(segment.interpreterAt()).copyFrom(interpreter.get());
      moveSection(this::isInterpreter, segment, segment.interpreterAt(), interpreterBytes);
    }
    strings.writeTo(part, segment.stringsAt());
    moveSection(this::isStrings, segment, segment.stringsAt(), strings.size());
    return DynamicEdits.withStrings(
        entries, segment.address() + segment.stringsAt(), strings.size());
  }

  private void putHeaders(NewSegment segment, long interpreterBytes, MemorySegment part)
      throws RefusedRewrite {
    List<ProgramHeader> headers = new ArrayList<>(file.programHeaders());
    headers.replaceAll(
        header -> {
          if (header.is(ProgramHeader.HEADERS)) {
            long size = (headers.size() + 1L) * ProgramHeader.bytes(elf);
            return segment.holdsHeaders()
                ? header.at(segment.offset(), segment.address(), size)
                : header.at(header.offset(), header.address(), size);
          }
          return header.is(ProgramHeader.INTERPRETER) && interpreterBytes > 0
              ? header.at(
                  segment.offset() + segment.interpreterAt(),
                  segment.address() + segment.interpreterAt(),
                  interpreterBytes)
              : header;
        });
    headers.add(
        headers.lastIndexOf(file.space().loads().getLast()) + 1, segment.header(edits.system()));
    putTable(headers, segment, part);
  }

  private void putTable(List<ProgramHeader> headers, NewSegment segment, MemorySegment part)
      throws RefusedRewrite {
    long old = file.header().programHeaders().offset();
    int entryBytes = ProgramHeader.bytes(elf);
    MemorySegment table =
        segment.holdsHeaders() ? part : patches.at(old, (long) headers.size() * entryBytes);
    for (int i = 0; i < headers.size(); i++) {
      headers.get(i).writeTo(elf.over(table), (long) i * entryBytes);
    }
    if (segment.holdsHeaders()) {
      MemorySegment offset = patches.at(ElfHeader.programHeadersAt(elf), elf.wordBytes());
      elf.over(offset).setWord(0, segment.offset());
    }
    MemorySegment count = patches.at(ElfHeader.programHeaderCountAt(elf), Short.BYTES);
    elf.over(count).setU16(0, headers.size());
  }

  private void putInterpreterInPlace(MemorySegment interpreter) throws RefusedRewrite {
    ProgramHeader segment = interpreterSegment();
    patches
        .at(segment.offset(), segment.fileSize())
        .fill((byte) 0)
        .asSlice(0, interpreter.byteSize())
        .copyFrom(interpreter);
    int index = file.programHeaders().indexOf(segment);
    long entryBytes = ProgramHeader.bytes(elf);
    long at = file.header().programHeaders().offset() + index * entryBytes;
    segment
        .at(segment.offset(), segment.address(), interpreter.byteSize())
        .writeTo(elf.over(patches.at(at, entryBytes)), 0);
    moveSection(this::isInterpreter, segment.address(), segment.offset(), interpreter.byteSize());
  }

  private void moveSection(Predicate<Section> wanted, NewSegment segment, long at, long size)
      throws RefusedRewrite {
    moveSection(wanted, segment.address() + at, segment.offset() + at, size);
  }

  private void moveSection(Predicate<Section> wanted, long address, long offset, long size)
      throws RefusedRewrite {
    Optional<Section> section =
        SectionHeaders.read(elf, file.header().sectionHeaders()).stream()
            .filter(Section::isLoaded)
            .filter(wanted)
            .findFirst();
    if (section.isPresent()) {
      MemorySegment part = patches.at(section.get().at(), SectionHeaders.bytes(elf));
      section.get().moveTo(elf.over(part), address, offset, size);
    }
  }

  private boolean isStrings(Section section) {
    return section.type() == SectionHeaders.STRTAB && section.offset() == file.strings().offset();
  }

  private boolean isInterpreter(Section section) {
    return section.type() == SectionHeaders.PROGBITS
        && section.offset() == interpreterSegment().offset();
  }

  /// The table keeps its size: where entries have gone, end marks follow.
  private void putDynamic(List<DynamicTable.Entry> entries) throws RefusedRewrite {
    DynamicTable old = file.dynamic();
    if (entries.equals(old.entries())) {
      return;
    }
    int entryBytes = DynamicTable.entryBytes(elf);
    int count = Math.max(entries.size(), old.entries().size()) + 1;
    MemorySegment part = patches.at(old.offset(), (long) count * entryBytes).fill((byte) 0);
    ElfBytes table = elf.over(part);
    for (int i = 0; i < entries.size(); i++) {
      table.setWord((long) i * entryBytes, entries.get(i).tag());
      table.setWord((long) i * entryBytes + elf.wordBytes(), entries.get(i).value());
    }
  }
}
