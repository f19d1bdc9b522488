package eris.image.closure;

import eris.format.Manifest;
import eris.image.elf.ElfFile;
import eris.image.elf.ObjectType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Finds all files of a closure and what each asks for. Reads no more of them than that.
///
/// A library is one file with one path, however many names lead to it, as the loader has it.
final class ClosureScan {
  private static final Path LOADER_CONFIGURATION = Path.of("/etc/ld.so.conf");

  private final ClosureRequest request;
  private final SourceFile.Cache sources = new SourceFile.Cache();
  private final LibrarySearch search;
  private final SortedMap<String, ClosureFile> files = new TreeMap<>();
  private final Map<Object, ClosureFile> libraries = new HashMap<>(); // by the identity of the file
  private final List<String> roots = new ArrayList<>();
  private Optional<ClosureFile> firstElf = Optional.empty();

  private ClosureScan(ClosureRequest request) throws IOException {
    this.request = request;
    this.search =
        new LibrarySearch(
            request.libraryPath(), SystemDirectories.read(LOADER_CONFIGURATION), sources);
  }

  static ClosureScan of(ClosureRequest request) throws IOException {
    var scan = new ClosureScan(request);
    for (Path root : request.roots()) {
      scan.addRoot(root);
    }
    for (Map.Entry<String, Path> data : request.data().entrySet()) {
      scan.addData(data.getKey(), data.getValue());
    }
    if (scan.firstElf.isEmpty()) {
      throw new ClosureException("no program to make a closure of");
    }
    return scan;
  }

  /// By path, in order.
  Collection<ClosureFile> files() {
    return files.values();
  }

  List<String> roots() {
    return roots;
  }

  String architecture() {
    return firstElf.flatMap(ClosureFile::elf).map(ElfFile::architecture).orElseThrow();
  }

  LibrarySearch search() {
    return search;
  }

  private void addRoot(Path path) throws IOException {
    SourceFile source = sources.open(path);
    ClosureFile root =
        Shebang.isScript(source.start())
            ? script(path, source)
            : isLibrary(path, source) ? library(path, source) : program(path, source);
    if (!roots.contains(root.path())) {
      roots.add(root.path());
    }
    for (Map.Entry<String, Path> plugin : request.plugins().entrySet()) {
      root.plugins().put(plugin.getKey(), plugin(plugin.getKey(), plugin.getValue()));
    }
    ClosureFile program =
        root.type() == Manifest.Type.SCRIPT ? root.interpreter().orElseThrow() : root;
    new Component(this).scan(program, root.plugins().values());
  }

  private static boolean isLibrary(Path path, SourceFile source) {
    return source.elf().flatMap(ElfFile::soname).isPresent()
        || String.valueOf(path.getFileName()).matches(".*\\.so(\\..*)?");
  }

  private ClosureFile script(Path path, SourceFile source) throws IOException {
    Shebang shebang = Shebang.parse(path, source.start(), request.commandPath());
    SourceFile interpreter = sources.open(shebang.interpreter());
    if (Shebang.isScript(interpreter.start())) {
      throw new ClosureException(
          "%s: its interpreter %s is a script itself".formatted(path, shebang.interpreter()));
    }
    ClosureFile script =
        add(ClosureFile.of(ImagePath.ofProgram(path), Manifest.Type.SCRIPT, source));
    script.setInterpreter(program(shebang.interpreter(), interpreter), shebang.argument());
    return script;
  }

  private ClosureFile program(Path path, SourceFile source) throws IOException {
    ClosureFile program = add(elf(ImagePath.ofProgram(path), path, source));
    Optional<String> interpreter = source.elf().flatMap(ElfFile::interpreter);
    if (interpreter.isPresent()) {
      program.setInterpreter(loader(interpreter.get(), program), Optional.empty());
    }
    return program;
  }

  /// The dynamic loader of a program: by its path, or else, and without one, as a library.
  private ClosureFile loader(String name, ClosureFile program) throws IOException {
    var asker =
        new LibrarySearch.Asker(program.place(), program.elf().orElseThrow(), Optional.empty());
    if (name.startsWith("/") && Files.exists(Path.of(name))) {
      return library(Path.of(name), sources.open(Path.of(name)));
    }
    String last = ImagePath.lastName(name);
    return library(search.find(last, asker).orElseThrow(() -> search.missing(last, asker)).path());
  }

  private ClosureFile plugin(String name, Path path) throws IOException {
    SourceFile source = sources.open(path);
    if (source.elf().isPresent()) {
      return library(Path.of(ImagePath.lastName(name)), source);
    }
    return add(ClosureFile.of(ImagePath.ofLibrary(name), Manifest.Type.DATA, source));
  }

  ClosureFile library(Path path) throws IOException {
    return library(path, sources.open(path));
  }

  /// @param name the path, or just the name, that gives it its path in the closure
  private ClosureFile library(Path name, SourceFile source) throws IOException {
    ClosureFile known = libraries.get(source.identity());
    if (known == null) {
      known = add(elf(ImagePath.ofLibrary(name.toString()), source.path(), source));
      libraries.put(source.identity(), known);
    }
    return known;
  }

  private ClosureFile elf(String path, Path place, SourceFile source) throws ClosureException {
    ElfFile elf =
        source
            .elf()
            .orElseThrow(() -> new ClosureException(place + ": neither an ELF file nor a script"));
    if (elf.type() != ObjectType.EXEC && elf.type() != ObjectType.DYN) {
      throw new ClosureException(
          "%s: neither a program nor a library, but ELF of type %s".formatted(place, elf.type()));
    }
    ClosureFile file = ClosureFile.of(path, Manifest.Type.ELF, source);
    ClosureFile first = firstElf.orElse(file);
    firstElf = Optional.of(first);
    String wanted = first.elf().orElseThrow().architecture();
    if (!elf.architecture().equals(wanted)) {
      throw new ClosureException(
          "%s: is for %s, but %s for %s"
              .formatted(place, elf.architecture(), first.place(), wanted));
    }
    return file;
  }

  private void addData(String path, Path place) throws IOException {
    add(
        Files.isDirectory(place)
            ? ClosureFile.ofDirectory(path, place)
            : ClosureFile.of(path, Manifest.Type.DATA, SourceFile.openData(place)));
  }

  /// The file that is at a path in the closure: this one, or an equal one that is there already.
  private ClosureFile add(ClosureFile file) throws IOException {
    ClosureFile there = files.putIfAbsent(file.path(), file);
    if (there == null) {
      return file;
    }
    if (there.type() != file.type() || !isSame(there, file)) {
      throw new ClosureException(
          "duplicate %s: both %s and %s".formatted(file.path(), there.place(), file.place()));
    }
    return there;
  }

  static boolean isSame(ClosureFile one, ClosureFile other) throws IOException {
    return one.source().isPresent() && other.source().isPresent()
        ? one.source().get().hasSameContent(other.source().get())
        : one.place().equals(other.place());
  }
}
