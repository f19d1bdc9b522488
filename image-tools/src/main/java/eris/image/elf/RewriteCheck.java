package eris.image.elf;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Compares a rewritten file with the old one and with what was meant, from what a reader finds in
/// both: it knows nothing of how the file was made.
final class RewriteCheck {
  private final ElfFile before;
  private final ElfEdits edits;

  RewriteCheck(ElfFile before, ElfEdits edits) {
    this.before = before;
    this.edits = edits;
  }

  void check(MemorySegment written) throws RefusedRewrite {
    ElfFile after;
    try {
      after = ElfFile.read(written);
    } catch (MalformedElf e) {
      throw new RefusedRewrite("the rewritten file is malformed: " + e.getMessage());
    }
    compareNames(after);
    compareSegments(after);
    compare("other dynamic entries", others(before), others(after));
    compareStrings(after);
    compareRest(after);
    if (edits.system() == ElfEdits.LoadingSystem.GENODE) {
      checkForGenode(after);
    }
  }

  private void compareNames(ElfFile after) throws RefusedRewrite {
    compare("needed", before.needed().stream().map(edits::renamed).toList(), after.needed());
    compare("soname", edits.soname().or(before::soname), after.soname());
    compare("interpreter", edits.interpreter().or(before::interpreter), after.interpreter());
    switch (edits.runPath()) {
      case ElfEdits.RunPath.Keep _ -> compareRunPaths(before.rpath(), before.runpath(), after);
      case ElfEdits.RunPath.Remove _ -> compareRunPaths(Optional.empty(), Optional.empty(), after);
      case ElfEdits.RunPath.Set(String path) ->
          compareRunPaths(Optional.empty(), Optional.of(path), after);
    }
    List<VersionNeed> versions =
        before.versionNeeds().stream()
            .map(need -> new VersionNeed(edits.renamed(need.file()), need.versions()))
            .toList();
    compare("needs of versions", versions, after.versionNeeds());
  }

  private static void compareRunPaths(
      Optional<String> rpath, Optional<String> runpath, ElfFile after) throws RefusedRewrite {
    compare("rpath", rpath, after.rpath());
    compare("runpath", runpath, after.runpath());
  }

  /// One loadable segment may be new, after all others. Where the headers and the interpreter are
  /// may be new as well: both must be loaded.
  private void compareSegments(ElfFile after) throws RefusedRewrite {
    List<ProgramHeader> segments = new ArrayList<>(after.programHeaders());
    if (segments.size() > before.programHeaders().size()) {
      segments.remove(after.space().loads().getLast());
      compare("segments to load", before.space().loads().size() + 1, after.space().loads().size());
    }
    compare("segments", fixed(before.programHeaders()), fixed(segments));
    for (ProgramHeader moving : segments) {
      if (!before.programHeaders().contains(moving)) {
        requireLoaded(after, moving);
      }
    }
    Optional<ProgramHeader> headers = after.segment(ProgramHeader.HEADERS);
    if (headers.isPresent()) {
      ElfHeader.Table table = after.header().programHeaders();
      compare("place of headers", table.offset(), headers.get().offset());
      compare(
          "size of headers", (long) table.count() * table.entryBytes(), headers.get().fileSize());
    }
  }

  private static List<ProgramHeader> fixed(List<ProgramHeader> headers) {
    return headers.stream().filter(RewriteCheck::isFixed).toList();
  }

  private static boolean isFixed(ProgramHeader header) {
    return !header.is(ProgramHeader.HEADERS) && !header.is(ProgramHeader.INTERPRETER);
  }

  private static void requireLoaded(ElfFile after, ProgramHeader segment) throws RefusedRewrite {
    try {
      long offset = after.space().offsetOf("a segment", segment.address(), segment.fileSize());
      compare("place of a segment", segment.offset(), offset);
    } catch (MalformedElf e) {
      throw new RefusedRewrite("the rewritten file is malformed: " + e.getMessage());
    }
  }

  /// What no edit changes.
  private static List<DynamicTable.Entry> others(ElfFile file) {
    return file.dynamic().entries().stream()
        .filter(
            entry ->
                entry.tag() != DynamicTable.NEEDED
                    && entry.tag() != DynamicTable.SONAME
                    && entry.tag() != DynamicTable.RPATH
                    && entry.tag() != DynamicTable.RUNPATH
                    && entry.tag() != DynamicTable.STRTAB
                    && entry.tag() != DynamicTable.STRSZ)
        .toList();
  }

  /// The names of symbols are there, where they were.
  private void compareStrings(ElfFile after) throws RefusedRewrite {
    long size = before.strings().size();
    long from = before.strings().offset();
    long to = after.strings().offset();
    if (after.strings().size() < size
        || MemorySegment.mismatch(
                before.bytes().segment(), from, from + size, after.bytes().segment(), to, to + size)
            >= 0) {
      throw new RefusedRewrite("the rewritten file has lost strings");
    }
  }

  private record Range(long start, long size) {}

  /// Byte for byte what it was, but for what has been compared by its meaning.
  private void compareRest(ElfFile after) throws RefusedRewrite {
    List<Range> changing = new ArrayList<>(changing());
    changing.add(new Range(before.bytes().size(), 0));
    changing.sort(Comparator.comparingLong(Range::start));
    long done = 0;
    for (Range range : changing) {
      if (range.start > done
          && MemorySegment.mismatch(
                  before.bytes().segment(),
                  done,
                  range.start,
                  after.bytes().segment(),
                  done,
                  range.start)
              >= 0) {
        throw new RefusedRewrite(
            "the rewritten file differs between bytes %d and %d".formatted(done, range.start));
      }
      done = Math.max(done, range.start + range.size);
    }
  }

  private List<Range> changing() {
    ElfBytes elf = before.bytes();
    ElfHeader header = before.header();
    List<Range> ranges = new ArrayList<>();
    ranges.add(new Range(ElfHeader.programHeadersAt(elf), elf.wordBytes()));
    ranges.add(new Range(ElfHeader.programHeaderCountAt(elf), Short.BYTES));
    ranges.add(
        new Range(
            header.programHeaders().offset(),
            (header.programHeaders().count() + 1L) * header.programHeaders().entryBytes()));
    ranges.add(
        new Range(
            before.dynamic().offset(),
            (long) before.dynamic().slots() * DynamicTable.entryBytes(elf)));
    for (VersionNeeds.Entry entry : before.versionEntries()) {
      ranges.add(new Range(entry.offset() + VersionNeeds.FILE_AT, Integer.BYTES));
    }
    before
        .segment(ProgramHeader.INTERPRETER)
        .ifPresent(segment -> ranges.add(new Range(segment.offset(), segment.fileSize())));
    for (SectionHeaders.Section section : SectionHeaders.read(elf, header.sectionHeaders())) {
      ranges.add(new Range(section.at(), SectionHeaders.bytes(elf)));
    }
    return ranges;
  }

  private static void checkForGenode(ElfFile after) throws RefusedRewrite {
    List<GenodeRules.Finding> findings = GenodeRules.check(after);
    if (!findings.isEmpty()) {
      throw new RefusedRewrite(
          "ld.lib.so would not load it: "
              + String.join("; ", findings.stream().map(GenodeRules.Finding::describe).toList()));
    }
  }

  private static void compare(String what, Object wanted, Object found) throws RefusedRewrite {
    if (!wanted.equals(found)) {
      throw new RefusedRewrite(
          "the rewritten file has %s %s, want %s".formatted(what, found, wanted));
    }
  }
}
