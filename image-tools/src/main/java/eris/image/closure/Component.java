package eris.image.closure;

import eris.image.elf.ElfFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one program loads, in the order in which the loader of glibc does it: breadth first, a name
/// that is loaded already is not searched again, and a library is loaded by its SONAME too.
///
/// Stricter than that loader: where a name would lead one file to another library than the first,
/// it is an error and not a matter of order.
final class Component {
  private final ClosureScan scan;
  private final Map<String, ClosureFile> loaded = new HashMap<>(); // by name and SONAME
  private final Deque<Loading> queue = new ArrayDeque<>();
  private final Set<ClosureFile> queued = new HashSet<>();

  private record Loading(ClosureFile file, LibrarySearch.Asker asker) {}

  Component(ClosureScan scan) {
    this.scan = scan;
  }

  void scan(ClosureFile program, Collection<ClosureFile> plugins) throws IOException {
    Loading main = enqueue(program, realPath(program.place()), Optional.empty());
    Optional<ClosureFile> loader = program.interpreter();
    if (loader.isPresent()) {
      register(loader.get().place().toString(), loader.get());
      register(ImagePath.lastName(loader.get().path()), loader.get());
    }
    drain();
    for (ClosureFile plugin : plugins) {
      if (plugin.elf().isPresent() && !queued.contains(plugin)) {
        enqueue(plugin, plugin.place(), Optional.of(main.asker()));
        drain();
      }
    }
  }

  /// `$ORIGIN` of a program is where it really is.
  private static Path realPath(Path program) throws IOException {
    return program.toRealPath();
  }

  private void drain() throws IOException {
    while (!queue.isEmpty()) {
      Loading loading = queue.remove();
      for (String name : loading.asker().elf().needed()) {
        loading.file().addNeed(name, resolve(name, loading.asker()));
      }
    }
  }

  private ClosureFile resolve(String name, LibrarySearch.Asker asker) throws IOException {
    ClosureFile known = loaded.get(name);
    Optional<LibrarySearch.Found> found = scan.search().find(name, asker);
    if (known == null) {
      LibrarySearch.Found library = found.orElseThrow(() -> scan.search().missing(name, asker));
      ClosureFile file = scan.library(library.path());
      if (!queued.contains(file)) {
        enqueue(file, library.path(), Optional.of(asker));
      }
      register(name, file);
      return file;
    }
    if (found.isPresent() && !found.get().file().hasSameContent(known.source().orElseThrow())) {
      throw new ClosureException(
          "duplicate %s: %s is loaded, but %s would get %s; --lib-path makes them one"
              .formatted(name, known.place(), asker.path(), found.get().path()));
    }
    return known;
  }

  private Loading enqueue(ClosureFile file, Path path, Optional<LibrarySearch.Asker> loader) {
    ElfFile elf = file.elf().orElseThrow();
    var loading = new Loading(file, new LibrarySearch.Asker(path, elf, loader));
    queue.add(loading);
    queued.add(file);
    return loading;
  }

  private void register(String name, ClosureFile file) throws IOException {
    loaded.put(name, file);
    Optional<String> soname = file.elf().flatMap(ElfFile::soname);
    if (soname.isPresent()) {
      ClosureFile other = loaded.putIfAbsent(soname.get(), file);
      if (other != null && !ClosureScan.isSame(other, file)) {
        throw new ClosureException(
            "duplicate SONAME %s: both %s and %s have it"
                .formatted(soname.get(), other.place(), file.place()));
      }
    }
  }
}
