package eris.image.run;

import eris.ReadCapability;
import eris.format.ErisFs;
import eris.format.Manifest;
import eris.image.tree.ClosureReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A program and all that it needs, each file verified as a whole and sealed in memory.
public final class LoadedClosure implements AutoCloseable {
  private final Manifest manifest;
  private final String component;
  private final SortedMap<String, SealedFile> files; // by path; equal content is one file

  private LoadedClosure(Manifest manifest, String component, SortedMap<String, SealedFile> files) {
    this.manifest = manifest;
    this.component = component;
    this.files = files;
  }

  /// Loads the closure of `component` and the data of the manifest, several files at a time. Fails as a whole if one file cannot
  /// be had.
  ///
  /// @throws eris.image.tree.FaultyFile naming the file and what is wrong with it
  public static LoadedClosure load(Manifest manifest, String component, ClosureReader reader)
      throws IOException {
    NavigableSet<String> paths = paths(manifest, component);
    Map<ReadCapability, SealedFile> loaded = loadAll(distinct(manifest, paths), reader);
    var files = new TreeMap<String, SealedFile>();
    for (String path : paths) {
      SealedFile file = loaded.get(manifest.file(path).content());
      if (file != null) { // as all are
        files.put(path, file);
      }
    }
    return new LoadedClosure(manifest, component, files);
  }

  /// The size of what [#load] would read, in bytes.
  public static long size(Manifest manifest, String component) {
    long size = 0;
    for (Map.Entry<String, Manifest.Entry> file : distinct(manifest, paths(manifest, component))) {
      size += file.getValue().size();
      if (size < 0) {
        return Long.MAX_VALUE;
      }
    }
    return size;
  }

  /// Data is for all components: the manifest does not tell who uses it.
  private static NavigableSet<String> paths(Manifest manifest, String component) {
    NavigableSet<String> paths = manifest.closureOf(component);
    paths.add(component);
    manifest
        .files()
        .forEach(
            (path, entry) -> {
              if (isData(entry)) {
                paths.add(path);
              }
            });
    return paths;
  }

  static boolean isData(Manifest.Entry entry) {
    return entry.type() == Manifest.Type.DATA || entry.type() == Manifest.Type.TREE;
  }

  /// One path for each content, the largest first, so that no long one is left for the end.
  private static List<Map.Entry<String, Manifest.Entry>> distinct(
      Manifest manifest, NavigableSet<String> paths) {
    var firsts = new LinkedHashMap<ReadCapability, Map.Entry<String, Manifest.Entry>>();
    for (String path : paths) {
      Manifest.Entry entry = manifest.file(path);
      firsts.putIfAbsent(entry.content(), Map.entry(path, entry));
    }
    return firsts.values().stream()
        .sorted(Comparator.comparingLong(file -> -file.getValue().size()))
        .toList();
  }

  private static Map<ReadCapability, SealedFile> loadAll(
      List<Map.Entry<String, Manifest.Entry>> files, ClosureReader reader) throws IOException {
    var loaded = new LinkedHashMap<ReadCapability, SealedFile>();
    var failures = new ArrayList<Throwable>();
    try (ExecutorService workers =
        Executors.newFixedThreadPool(
            Math.min(files.size(), Runtime.getRuntime().availableProcessors()),
            Thread.ofPlatform().daemon().name("eris-load-", 0).factory())) {
      List<Future<SealedFile>> results = new ArrayList<>();
      for (Map.Entry<String, Manifest.Entry> file : files) {
        results.add(workers.submit(() -> load(file.getKey(), file.getValue(), reader)));
      }
      for (int i = 0; i < results.size(); i++) {
        try {
          loaded.put(files.get(i).getValue().content(), results.get(i).get());
        } catch (ExecutionException e) {
          failures.add(e.getCause());
          results.forEach(result -> result.cancel(false)); // those that have not begun
          break;
        } catch (InterruptedException e) {
          failures.add(e);
          break;
        }
      }
    }
    if (!failures.isEmpty()) {
      closeAll(loaded.values());
      throw failures.getFirst() instanceof IOException e
          ? e
          : new IOException("loading failed", failures.getFirst());
    }
    return loaded;
  }

  private static SealedFile load(String path, Manifest.Entry entry, ClosureReader reader)
      throws IOException {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return SealedFile.create(name, target -> reader.copy(path, entry, target));
  }

  public Manifest manifest() {
    return manifest;
  }

  /// The path of the program.
  public String component() {
    return component;
  }

  /// All files, by path.
  SortedMap<String, SealedFile> files() {
    return files;
  }

  SealedFile file(String path) {
    SealedFile file = files.get(path);
    if (file == null) {
      throw new IllegalArgumentException("no such file in the closure");
    }
    return file;
  }

  /// The directory that a file describes.
  ErisFs tree(String path, ClosureReader reader) throws IOException {
    return reader.readTree(path, manifest.file(path));
  }

  @Override
  public void close() throws IOException {
    closeAll(files.values());
  }

  private static void closeAll(Collection<SealedFile> files) throws IOException {
    for (SealedFile file : files.stream().distinct().toList()) {
      file.close();
    }
  }
}
