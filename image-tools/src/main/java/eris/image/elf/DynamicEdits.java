package eris.image.elf;

import eris.image.elf.DynamicTable.Entry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Makes the entries of the new dynamic table. Where its strings will be is told later
/// ([#withStrings]).
final class DynamicEdits {
  private static final int MIPS = 8;

  private final ElfFile file;
  private final ElfEdits edits;
  private final GrowingStrings strings;
  private final List<Entry> entries = new ArrayList<>();
  private boolean hasSoname;
  private boolean hasRunPath;

  private DynamicEdits(ElfFile file, ElfEdits edits, GrowingStrings strings) {
    this.file = file;
    this.edits = edits;
    this.strings = strings;
  }

  static List<Entry> of(ElfFile file, ElfEdits edits, GrowingStrings strings)
      throws RefusedRewrite {
    return new DynamicEdits(file, edits, strings).entries();
  }

  /// The same entries with a string table that lies at `address`.
  static List<Entry> withStrings(List<Entry> entries, long address, long size) {
    return entries.stream()
        .map(
            entry ->
                switch ((int) entry.tag()) {
                  case (int) DynamicTable.STRTAB -> new Entry(entry.tag(), address);
                  case (int) DynamicTable.STRSZ -> new Entry(entry.tag(), size);
                  default -> entry;
                })
        .toList();
  }

  private List<Entry> entries() throws RefusedRewrite {
    Iterator<String> needed = file.needed().iterator();
    for (Entry entry : file.dynamic().entries()) {
      if (entry.tag() == DynamicTable.NEEDED) {
        addNeeded(entry, needed.next());
      } else if (entry.tag() == DynamicTable.SONAME) {
        addSoname(entry);
      } else if (entry.tag() == DynamicTable.RPATH || entry.tag() == DynamicTable.RUNPATH) {
        addRunPath(entry);
      } else {
        entries.add(entry);
      }
    }
    addWhatIsNew();
    requireRoom();
    return entries;
  }

  private void addNeeded(Entry entry, String name) {
    String renamed = edits.renamed(name);
    entries.add(
        renamed.equals(name) ? entry : new Entry(DynamicTable.NEEDED, strings.indexOf(renamed)));
  }

  private void addSoname(Entry entry) {
    hasSoname = true;
    Optional<String> renamed = edits.soname().filter(name -> !file.soname().equals(edits.soname()));
    entries.add(
        renamed.isEmpty() ? entry : new Entry(DynamicTable.SONAME, strings.indexOf(renamed.get())));
  }

  /// The first of them becomes the one that is wanted.
  private void addRunPath(Entry entry) {
    switch (edits.runPath()) {
      case ElfEdits.RunPath.Keep _ -> entries.add(entry);
      case ElfEdits.RunPath.Remove _ -> {}
      case ElfEdits.RunPath.Set(String path) -> {
        if (!hasRunPath) {
          entries.add(new Entry(DynamicTable.RUNPATH, strings.indexOf(path)));
        }
        hasRunPath = true;
      }
    }
  }

  private void addWhatIsNew() {
    if (!hasSoname && edits.soname().isPresent()) {
      entries.add(new Entry(DynamicTable.SONAME, strings.indexOf(edits.soname().get())));
    }
    if (!hasRunPath && edits.runPath() instanceof ElfEdits.RunPath.Set(String path)) {
      entries.add(new Entry(DynamicTable.RUNPATH, strings.indexOf(path)));
    }
  }

  private void requireRoom() throws RefusedRewrite {
    int most = file.dynamic().slots() - 1; // the end mark
    if (entries.size() > most) {
      throw new RefusedRewrite(
          "a dynamic table of %d entries, but there is room for %d"
              .formatted(entries.size(), most));
    }
    if (entries.size() < file.dynamic().entries().size() && file.header().machine() == MIPS) {
      throw new RefusedRewrite(
          "the dynamic table of a MIPS file tells places relative to its entries: none can go");
    }
  }
}
