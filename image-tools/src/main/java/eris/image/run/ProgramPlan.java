package eris.image.run;

import eris.format.ErisFs;
import eris.format.Manifest;
import eris.image.tree.ClosureReader;
import eris.image.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// From a loaded closure to what a process executes.
///
/// A program with libraries is started by the dynamic loader of its closure. glibc's matches what is
/// needed against the names that loaded libraries have for themselves, so we have it load all of
/// them first, by descriptor and in the order it would use itself: no name is left to be searched
/// for, whatever search paths are in the files or on the machine. Where names and libraries differ
/// (`--names handle`), or something is asked for later, a [PrivateDirectory] has the names.
public final class ProgramPlan {
  private static final String CLOSURE_VARIABLE = "ERIS_CLOSURE";

  private final LoadedClosure closure;
  private final ElfParts elf;
  private final ClosureReader reader;
  private final List<Path> places;
  private final TreeWriter trees;
  private final Set<Integer> descriptors = new TreeSet<>();

  private ProgramPlan(
      LoadedClosure closure, ClosureReader reader, List<Path> places, long maxTreeBytes) {
    this.closure = closure;
    this.elf = new ElfParts(closure);
    this.reader = reader;
    this.places = places.stream().filter(ProgramPlan::canBeInList).toList();
    this.trees = new TreeWriter(reader, maxTreeBytes);
  }

  /// @param arguments what follows the program's name
  /// @param places where a private directory may be, the best first
  /// @param maxTreeBytes of all files in the directories that the closure has
  /// @throws NotRunnable if this machine cannot run it
  public static Launch of(
      LoadedClosure closure,
      List<byte[]> arguments,
      ClosureReader reader,
      List<Path> places,
      long maxTreeBytes)
      throws IOException {
    return new ProgramPlan(closure, reader, places, maxTreeBytes).launch(arguments);
  }

  private Launch launch(List<byte[]> arguments) throws IOException {
    requireArchitecture();
    Manifest.Entry component = closure.manifest().file(closure.component());
    return switch (component.type()) {
      case ELF -> launch(closure.component(), arguments);
      case SCRIPT -> launch(interpreter(component), scriptArguments(component, arguments));
      case DATA, TREE -> throw new NotRunnable(closure.component() + " is no program");
    };
  }

  private void requireArchitecture() throws NotRunnable {
    String machine = System.getProperty("os.arch").replace("amd64", "x86_64");
    String wanted = closure.manifest().architecture();
    if (!machine.equals(wanted)) {
      throw new NotRunnable("the closure is for %s, this machine is %s".formatted(wanted, machine));
    }
  }

  private String interpreter(Manifest.Entry script) throws NotRunnable {
    String path = script.interpreter().orElseThrow();
    if (closure.manifest().file(path).type() != Manifest.Type.ELF) {
      throw new NotRunnable(
          "%s is run by %s, which is no ELF program".formatted(closure.component(), path));
    }
    return path;
  }

  /// As the kernel does it: the one argument of the script's first line, then the script.
  private List<byte[]> scriptArguments(Manifest.Entry script, List<byte[]> arguments) {
    SealedFile file = closure.file(closure.component());
    descriptors.add(file.descriptor());
    List<byte[]> all = new ArrayList<>();
    script.interpreterArgument().map(Linux::bytes).ifPresent(all::add);
    all.add(Linux.bytes(file.path().toString()));
    all.addAll(arguments);
    return all;
  }

  private Launch launch(String program, List<byte[]> arguments) throws IOException {
    SealedFile file = closure.file(program);
    descriptors.add(file.descriptor());
    Optional<String> loader = closure.manifest().file(program).interpreter();
    if (loader.isPresent()) {
      return launchDynamic(program, loader.get(), arguments);
    }
    if (elf.of(program).interpreter().isPresent() || !elf.of(program).needed().isEmpty()) {
      throw new NotRunnable(program + " needs a dynamic loader, which its manifest does not tell");
    }
    LibraryNames names = LibraryNames.of(closure, program, elf);
    return new Launch(
        file.path(),
        concat(List.of(nameOf(program)), arguments),
        names.asksLater() ? List.of(variable(directory(names))) : List.of(),
        descriptors);
  }

  private Launch launchDynamic(String program, String loader, List<byte[]> arguments)
      throws IOException {
    String known = elf.text(loader);
    if (!known.contains("--inhibit-cache")) {
      throw new NotRunnable(
          "%s is not the dynamic loader of glibc, and no other can be given its libraries"
              .formatted(loader));
    }
    LibraryNames names = LibraryNames.of(closure, program, elf);
    List<String> words = new ArrayList<>(List.of(nameOf(loader), "--inhibit-cache"));
    List<String> environment = List.of();
    if (names.bySoname() && !names.asksLater() && known.contains("--preload")) {
      addPreload(names, words);
    } else {
      Path directory = directory(names);
      addLibraryPath(program, names, directory, words);
      environment = List.of(variable(directory));
    }
    if (known.contains("--argv0")) { // since glibc 2.33
      words.addAll(List.of("--argv0", nameOf(program)));
    }
    words.add(closure.file(program).path().toString());
    SealedFile started = closure.file(loader);
    descriptors.add(started.descriptor());
    return new Launch(started.path(), concat(words, arguments), environment, descriptors);
  }

  /// Since glibc 2.30.
  private void addPreload(LibraryNames names, List<String> words) {
    List<SealedFile> libraries = names.libraries().stream().map(closure::file).distinct().toList();
    libraries.forEach(library -> descriptors.add(library.descriptor()));
    if (!libraries.isEmpty()) {
      words.add("--preload");
      words.add(
          libraries.stream()
              .map(library -> library.path().toString())
              .collect(Collectors.joining(" ")));
    }
  }

  /// Where an RPATH would be searched before, it is switched off, file by file. The program has no name
  /// here: the empty first one of the list stands for it.
  private void addLibraryPath(
      String program, LibraryNames names, Path directory, List<String> words) throws IOException {
    List<String> files = new ArrayList<>();
    for (Map.Entry<String, String> name : names.links().entrySet()) {
      String path = name.getValue();
      if (closure.manifest().file(path).type() == Manifest.Type.ELF && elf.of(path).hasRpath()) {
        files.add(directory + "/" + name.getKey());
      }
    }
    if (!files.isEmpty() || elf.of(program).hasRpath()) {
      files.addFirst("");
      words.addAll(List.of("--inhibit-rpath", String.join(":", files) + ":"));
    }
    words.addAll(List.of("--library-path", directory.toString()));
  }

  /// Whether the loader takes a path as one, and as it is.
  private static boolean canBeInList(Path path) {
    return path.toString().chars().noneMatch(c -> c == ':' || c == ';' || c == '$');
  }

  private Path directory(LibraryNames names) throws IOException {
    requireNames(names);
    PrivateDirectory directory = PrivateDirectory.create(places);
    descriptors.add(directory.descriptor());
    for (Map.Entry<String, String> link : names.links().entrySet()) {
      Path place = directory.path().resolve(link.getKey());
      Files.createDirectories(place.getParent());
      if (closure.manifest().file(link.getValue()).type() == Manifest.Type.TREE) {
        writeTree(link.getValue(), place);
      } else {
        SealedFile file = closure.file(link.getValue());
        descriptors.add(file.descriptor());
        Files.createSymbolicLink(place, file.path());
      }
    }
    return directory.path();
  }

  private void writeTree(String path, Path place) throws IOException {
    ErisFs tree = closure.tree(path, reader);
    Files.createDirectory(place);
    trees.write(path, tree, place);
  }

  /// All names together are a tree, so that none leads through another, or out of the directory.
  private static void requireNames(LibraryNames names) throws NotRunnable {
    SortedMap<ErisFs.Path, ErisFs.Entry> tree = new TreeMap<>();
    for (String name : names.links().keySet()) {
      try {
        tree.put(ErisFs.Path.of(name.split("/", -1)), new ErisFs.SymbolicLink("a name"));
      } catch (IllegalArgumentException e) {
        throw new NotRunnable("%s is asked for by a path that no closure answers".formatted(name));
      }
      if (name.indexOf(':') >= 0 && !name.startsWith("urn:")) {
        throw new NotRunnable("%s is no name for a library".formatted(name));
      }
    }
    try {
      var _ = new ErisFs(tree);
    } catch (IllegalArgumentException e) {
      throw new NotRunnable("what the closure's files ask for is no directory: " + e.getMessage());
    }
  }

  private static String variable(Path directory) {
    return CLOSURE_VARIABLE + "=" + directory;
  }

  private static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static List<byte[]> concat(List<String> words, List<byte[]> arguments) {
    return Stream.concat(words.stream().map(Linux::bytes), arguments.stream()).toList();
  }
}
