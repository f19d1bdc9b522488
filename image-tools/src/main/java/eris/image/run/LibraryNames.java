package eris.image.run;

import eris.format.Manifest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;

/// By which names a program and its libraries ask for which files.
///
/// @param libraries of the program, in the order in which a dynamic loader searches them for
///     symbols: breadth first. Without the loader, which is there already
/// @param bySoname whether each library calls itself as others call it: then a loader that has it
///     needs no other name to find it
/// @param links names that are asked for while libraries are loaded, and later, to paths; data goes by
///     its path
/// @param asksLater whether there are plugins or data
record LibraryNames(
    List<String> libraries, boolean bySoname, SortedMap<String, String> links, boolean asksLater) {

  static LibraryNames of(LoadedClosure closure, String program, ElfParts elf) throws IOException {
    Manifest manifest = closure.manifest();
    String loader = manifest.file(program).interpreter().orElse("");
    SequencedSet<String> libraries = new LinkedHashSet<>();
    boolean bySoname = true;
    Deque<String> open = new ArrayDeque<>(List.of(program));
    while (!open.isEmpty()) {
      String asking = open.remove();
      for (String name : elf.of(asking).needed()) {
        String path = target(manifest, asking, name);
        bySoname &= elf.of(path).soname().filter(name::equals).isPresent();
        if (!path.equals(loader) && libraries.add(path)) {
          open.add(path);
        }
      }
    }
    boolean asksLater =
        closure.files().keySet().stream()
            .map(manifest::file)
            .anyMatch(entry -> LoadedClosure.isData(entry) || !entry.plugins().isEmpty());
    return new LibraryNames(
        new ArrayList<>(libraries), bySoname, links(closure, loader), asksLater);
  }

  private static String target(Manifest manifest, String asking, String name) throws NotRunnable {
    String path = manifest.file(asking).needs().get(name);
    if (path == null) {
      throw new NotRunnable(
          "%s needs %s, which its manifest does not tell".formatted(asking, name));
    }
    return path;
  }

  private static SortedMap<String, String> links(LoadedClosure closure, String loader)
      throws NotRunnable {
    SortedMap<String, String> links = new TreeMap<>();
    for (String path : closure.files().keySet()) {
      Manifest.Entry entry = closure.manifest().file(path);
      add(entry.needs(), loader, links);
      add(entry.plugins(), loader, links);
      if (LoadedClosure.isData(entry)) {
        add(new TreeMap<>(Map.of(path, path)), loader, links);
      }
    }
    return links;
  }

  private static void add(
      SortedMap<String, String> names, String loader, SortedMap<String, String> links)
      throws NotRunnable {
    for (Map.Entry<String, String> name : names.entrySet()) {
      if (name.getValue().equals(loader)) {
        continue; // a second copy of it would be another one
      }
      String before = links.putIfAbsent(name.getKey(), name.getValue());
      if (before != null && !before.equals(name.getValue())) {
        throw new NotRunnable(
            "%s stands for both %s and %s, and a program has one name space"
                .formatted(name.getKey(), before, name.getValue()));
      }
    }
  }
}
