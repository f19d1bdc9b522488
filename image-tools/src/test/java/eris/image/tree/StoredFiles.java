package eris.image.tree;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Encoder;
import eris.codec.TreeWalk;
import eris.format.Manifest;
import eris.store.MemoryBlockStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/// Files of a manifest that is put together by hand, and their blocks.
public final class StoredFiles {
  public final MemoryBlockStore store = new MemoryBlockStore();
  private final SortedMap<String, Manifest.Entry> files = new TreeMap<>();

  public StoredFiles() {}

  public static byte[] randomBytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  public ReadCapability put(byte[] content) throws IOException {
    return new Encoder(BlockSize.recommendedFor(content.length), store)
        .encode(new ByteArrayInputStream(content), ConvergenceSecret.nullSecret());
  }

  public StoredFiles add(String path, Manifest.Type type, byte[] content) throws IOException {
    files.put(path, Manifest.Entry.of(put(content), content.length, type));
    return this;
  }

  /// A program or library that needs others, all by their last names.
  public StoredFiles addElf(
      String path, byte[] content, Optional<String> interpreter, List<String> needs)
      throws IOException {
    SortedMap<String, String> names = new TreeMap<>();
    needs.forEach(need -> names.put(need.substring(need.lastIndexOf('/') + 1), need));
    files.put(
        path,
        new Manifest.Entry(
            put(content),
            content.length,
            Manifest.Type.ELF,
            names,
            interpreter,
            Optional.empty(),
            new TreeMap<>()));
    return this;
  }

  /// What `path` opens while it runs.
  public StoredFiles addPlugin(String path, String name, String target) {
    Manifest.Entry entry = entry(path);
    SortedMap<String, String> plugins = new TreeMap<>(entry.plugins());
    plugins.put(name, target);
    files.put(
        path,
        new Manifest.Entry(
            entry.content(),
            entry.size(),
            entry.type(),
            entry.needs(),
            entry.interpreter(),
            entry.interpreterArgument(),
            plugins));
    return this;
  }

  public StoredFiles addScript(
      String path, byte[] content, String interpreter, Optional<String> argument)
      throws IOException {
    files.put(
        path,
        new Manifest.Entry(
            put(content),
            content.length,
            Manifest.Type.SCRIPT,
            new TreeMap<>(),
            Optional.of(interpreter),
            argument,
            new TreeMap<>()));
    return this;
  }

  public Manifest.Entry entry(String path) {
    return Optional.ofNullable(files.get(path)).orElseThrow();
  }

  public Manifest manifest(String... roots) {
    return manifestFor("x86_64", roots);
  }

  public Manifest manifestFor(String architecture, String... roots) {
    return new Manifest(
        architecture, Manifest.Naming.ROUTE, List.of(roots), files, new TreeMap<>());
  }

  /// Replaces the leaf of a file after the first `sound` ones by zero bytes.
  public Reference damage(String path, int sound) throws IOException {
    List<Reference> leaves = new java.util.ArrayList<>();
    ReadCapability content = entry(path).content();
    TreeWalk.walkNodes(
        store,
        content,
        new TreeWalk.Visitor() {
          @Override
          public void block(Reference reference, int level) {
            if (level == 0) {
              leaves.add(reference);
            }
          }
        });
    MemorySegment zero = MemorySegment.ofArray(new byte[content.blockSize().bytes()]);
    Reference damaged = leaves.get(sound);
    store.put(damaged, zero);
    return damaged;
  }

  public ClosureReader reader() {
    return new ClosureReader(store, silent());
  }

  public static ClosureReader.Listener silent() {
    return new ClosureReader.Listener() {
      @Override
      public void expect(long bytes) {}

      @Override
      public void advance(long bytes) {}
    };
  }
}
