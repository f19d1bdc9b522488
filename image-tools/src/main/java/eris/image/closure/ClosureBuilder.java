package eris.image.closure;

import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.format.Manifest;
import eris.image.elf.ElfEdits;
import eris.image.elf.ElfEdits.LoadingSystem;
import eris.image.elf.ElfFile;
import eris.image.elf.ElfRewriter;
import eris.image.elf.MalformedElf;
import eris.image.elf.RefusedRewrite;
import eris.store.BlockStore;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Makes a closure: finds what belongs to it, stores every object once, and then its manifest.
///
/// Where ELF files ask by the names of objects, a library is written before those who need it, since
/// its name is that of its content. All who need one library do it by one name, and so it is loaded
/// once: glibc knows what it has loaded by the name it was asked for.
public final class ClosureBuilder {
  private final BlockStore store;
  private final ObjectWriter objects;
  private final Map<Content, ObjectWriter.Written> contents = new HashMap<>();
  private final Map<ClosureFile, ObjectWriter.Written> written = new HashMap<>();

  /// What is encoded once.
  ///
  /// @param identity of a file of this machine
  /// @param renames what is changed in it
  private record Content(Object identity, Map<String, String> renames) {}

  private ClosureBuilder(BlockStore store, ConvergenceSecret secret, EncodingWatcher watcher) {
    this.store = store;
    this.objects = new ObjectWriter(store, secret, watcher);
  }

  /// Returns when all of it is durable.
  ///
  /// @throws ClosureException if there is no closure of what is asked for
  public static Closure build(
      ClosureRequest request, BlockStore store, ConvergenceSecret secret, EncodingWatcher watcher)
      throws IOException {
    return new ClosureBuilder(store, secret, watcher).build(request);
  }

  private Closure build(ClosureRequest request) throws IOException {
    ClosureScan scan = ClosureScan.of(request);
    var names = new ClosureNames(request, scan.files());
    for (ClosureFile file : names.order(scan.files())) {
      written.put(file, write(file, names));
    }
    Manifest manifest = manifest(scan, names);
    store.sync();
    int count = objects.objects();
    long bytes = objects.bytes();
    ReadCapability capability = objects.write(manifest.encode()).capability();
    store.sync();
    return new Closure(manifest, capability, count, bytes);
  }

  private ObjectWriter.Written write(ClosureFile file, ClosureNames names) throws IOException {
    Optional<SourceFile> source = file.source();
    if (source.isEmpty()) {
      return new TreeEncoder(objects).write(file.place());
    }
    Map<String, String> renames = names.renames(file, this::capability);
    var content = new Content(source.get().identity(), renames);
    ObjectWriter.Written known = contents.get(content);
    if (known == null) {
      known = renames.isEmpty() ? objects.write(file.place()) : rewrite(file.place(), renames);
      source.get().requireUnchanged();
      contents.put(content, known);
    }
    return known;
  }

  private ObjectWriter.Written rewrite(Path file, Map<String, String> renames) throws IOException {
    try (Arena arena = Arena.ofShared(); // the encoder's threads read it
        FileChannel channel = FileChannel.open(file)) {
      ElfFile elf =
          ElfFile.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
      ElfEdits edits = ElfEdits.none().withNeeded(renames).forSystem(systemOf(elf));
      return objects.write(ElfRewriter.of(elf, edits).toMemory(arena));
    } catch (MalformedElf | RefusedRewrite e) {
      throw new ClosureException(file + ": " + e.getMessage(), e);
    }
  }

  private static LoadingSystem systemOf(ElfFile elf) {
    String loader = "ld.lib.so";
    return elf.needed().contains(loader) || elf.interpreter().filter(loader::equals).isPresent()
        ? LoadingSystem.GENODE
        : LoadingSystem.LINUX;
  }

  private ReadCapability capability(ClosureFile file) {
    ObjectWriter.Written object = written.get(file);
    if (object == null) {
      throw new IllegalStateException("named before it is written");
    }
    return object.capability();
  }

  private Manifest manifest(ClosureScan scan, ClosureNames names) throws IOException {
    SortedMap<String, Manifest.Entry> entries = new TreeMap<>();
    for (ClosureFile file : scan.files()) {
      entries.put(file.path(), entry(file, names));
    }
    try {
      return new Manifest(
          scan.architecture(), names.naming(), scan.roots(), entries, aliases(scan.files()));
    } catch (IllegalArgumentException e) {
      throw new ClosureException("no manifest can say this: " + e.getMessage());
    }
  }

  private Manifest.Entry entry(ClosureFile file, ClosureNames names) throws IOException {
    ObjectWriter.Written object = written.get(file);
    if (object == null) {
      throw new IllegalStateException("listed before it is written");
    }
    Map<String, String> renames = names.renames(file, this::capability);
    SortedMap<String, String> needs = new TreeMap<>();
    file.needs()
        .forEach((name, target) -> needs.put(renames.getOrDefault(name, name), target.path()));
    SortedMap<String, String> plugins = new TreeMap<>();
    file.plugins().forEach((name, target) -> plugins.put(name, target.path()));
    try {
      return new Manifest.Entry(
          object.capability(),
          object.size(),
          file.type(),
          needs,
          file.interpreter().map(ClosureFile::path),
          file.interpreterArgument(),
          plugins);
    } catch (IllegalArgumentException e) {
      throw new ClosureException(file.place() + ": " + e.getMessage());
    }
  }

  /// The names of libraries that their paths do not tell. A name of two is none's.
  private static SortedMap<String, String> aliases(Collection<ClosureFile> files) {
    SortedMap<String, List<String>> paths = new TreeMap<>();
    for (ClosureFile file : files) {
      if (file.type() == Manifest.Type.ELF) {
        file.names().forEach(name -> paths.merge(name, List.of(file.path()), ClosureBuilder::both));
      }
    }
    SortedMap<String, String> aliases = new TreeMap<>();
    paths.forEach(
        (name, owners) -> {
          String owner = owners.getFirst();
          if (owners.size() == 1 && !ImagePath.lastName(owner).equals(name)) {
            aliases.put(name, owner);
          }
        });
    return aliases;
  }

  private static List<String> both(List<String> some, List<String> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }
}
