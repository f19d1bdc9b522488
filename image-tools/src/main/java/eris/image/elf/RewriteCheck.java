package eris.image.elf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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

  /// One loadable segment may be new, after all others. The table of headers and the interpreter may
  /// lie elsewhere, where they are loaded.
  private void compareSegments(ElfFile after) throws RefusedRewrite {
    List<ProgramHeader> segments = new ArrayList<>(after.programHeaders());
    if (segments.size() > before.programHeaders().size()) {
      ProgramHeader added = after.space().loads().getLast();
      compare("a new segment", NewSegment.header(edits.system(), added), added);
      segments.remove(added);
    }
    compare("a number of segments", before.programHeaders().size(), segments.size());
    for (int i = 0; i < segments.size(); i++) {
      ProgramHeader old = before.programHeaders().get(i);
      ProgramHeader found = segments.get(i);
      boolean moves = old.is(ProgramHeader.HEADERS) || old.is(ProgramHeader.INTERPRETER);
      if (moves && !found.equals(old)) {
        compare("a segment", old.at(found.offset(), found.address(), found.fileSize()), found);
        requireLoaded(after, found);
      } else {
        compare("a segment", old, found);
      }
    }
    compareTable(after);
  }

  private static void compareTable(ElfFile after) throws RefusedRewrite {
    Optional<ProgramHeader> headers = after.segment(ProgramHeader.HEADERS);
    if (headers.isPresent()) {
      ElfHeader.Table table = after.header().programHeaders();
      compare("headers at", table.offset(), headers.get().offset());
      compare(
          "headers of bytes", (long) table.count() * table.entryBytes(), headers.get().fileSize());
    }
  }

  private static void requireLoaded(ElfFile after, ProgramHeader segment) throws RefusedRewrite {
    try {
      long offset = after.space().offsetOf("a segment", segment.address(), segment.fileSize());
      compare("a segment at", segment.offset(), offset);
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

  private record Range(long start, long size) {
    long end() {
      return start + size;
    }
  }

  /// Byte for byte what it was, but for what has been compared by its meaning; zero where it has
  /// grown.
  private void compareRest(ElfFile after) throws RefusedRewrite {
    MemorySegment old = before.bytes().segment();
    MemorySegment found = after.bytes().segment();
    List<Range> changing = changing(after);
    changing.add(new Range(old.byteSize(), 0));
    changing.sort(Comparator.comparingLong(Range::start));
    long done = 0;
    for (Range range : changing) {
      long start = Math.min(range.start, old.byteSize());
      if (start > done && MemorySegment.mismatch(old, done, start, found, done, start) >= 0) {
        throw new RefusedRewrite(
            "the rewritten file differs between bytes %d and %d".formatted(done, start));
      }
      done = Math.max(done, range.end());
    }
    if (found.byteSize() > old.byteSize()) {
      requireZeros(after, old.byteSize(), after.space().loads().getLast().offset());
    }
    if (hasOtherEntries(after)) {
      requireZeros(after, endOfEntries(after), endOfTable(after));
    }
  }

  private List<Range> changing(ElfFile after) {
    ElfBytes elf = before.bytes();
    ElfHeader.Table headers = before.header().programHeaders();
    List<Range> ranges = new ArrayList<>();
    ranges.add(new Range(ElfHeader.programHeadersAt(elf), elf.wordBytes()));
    ranges.add(new Range(ElfHeader.programHeaderCountAt(elf), Short.BYTES));
    if (after.header().programHeaders().offset() == headers.offset()) {
      ranges.add(
          new Range(
              headers.offset(),
              (long) after.header().programHeaders().count() * headers.entryBytes()));
    }
    if (hasOtherEntries(after)) {
      long start = before.dynamic().offset();
      ranges.add(new Range(start, endOfTable(after) - start));
    }
    for (VersionNeeds.Entry entry : before.versionEntries()) {
      ranges.add(new Range(entry.offset() + VersionNeeds.FILE_AT, Integer.BYTES));
    }
    before
        .segment(ProgramHeader.INTERPRETER)
        .filter(segment -> !after.programHeaders().contains(segment))
        .ifPresent(segment -> ranges.add(new Range(segment.offset(), segment.fileSize())));
    for (SectionHeaders.Section section :
        SectionHeaders.read(elf, before.header().sectionHeaders())) {
      ranges.add(new Range(section.at(), SectionHeaders.bytes(elf)));
    }
    return ranges;
  }

  private boolean hasOtherEntries(ElfFile after) {
    return !before.dynamic().entries().equals(after.dynamic().entries());
  }

  private static long endOfEntries(ElfFile file) {
    return file.dynamic().offset()
        + (long) file.dynamic().entries().size() * DynamicTable.entryBytes(file.bytes());
  }

  /// With the end mark.
  private long endOfTable(ElfFile after) {
    return Math.max(endOfEntries(before), endOfEntries(after))
        + DynamicTable.entryBytes(after.bytes());
  }

  private static void requireZeros(ElfFile after, long start, long end) throws RefusedRewrite {
    for (long at = start; at < end; at++) {
      if (after.bytes().segment().get(ValueLayout.JAVA_BYTE, at) != 0) {
        throw new RefusedRewrite("the rewritten file is not zero at byte " + at);
      }
    }
  }

  private static void checkForGenode(ElfFile after) throws RefusedRewrite {
    List<GenodeRules.Finding> findings =
        GenodeRules.check(after).stream().filter(finding -> !isForPatchedLoader(finding)).toList();
    if (!findings.isEmpty()) {
      throw new RefusedRewrite(
          "ld.lib.so would not load it: "
              + String.join("; ", findings.stream().map(GenodeRules.Finding::describe).toList()));
    }
  }

  /// Who has libraries called by URNs knows that a stock loader cuts them.
  private static boolean isForPatchedLoader(GenodeRules.Finding finding) {
    return finding instanceof GenodeRules.Finding.NameTooLong(var name, _)
        && GenodeRules.isUrn(name);
  }

  private static void compare(String what, Object wanted, Object found) throws RefusedRewrite {
    if (!wanted.equals(found)) {
      String line = "the rewritten file has %s %s, want %s".formatted(what, found, wanted);
      throw new RefusedRewrite(line.replaceAll("urn:[^], ]*", "urn:…"));
    }
  }
}
