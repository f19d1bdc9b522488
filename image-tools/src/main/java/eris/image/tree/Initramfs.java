package eris.image.tree;

import eris.format.ErisFs;
import eris.format.Manifest;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A closure as the first file system of a Linux kernel.
///
/// Files have their paths in the manifest: programs are in `bin`, libraries in `lib`. `lib64` and
/// `usr` lead to the same places, so that dynamic loaders find them whatever their distribution; what
/// stands in a file as its interpreter, and names that files ask for, are links to what the manifest
/// says. `init` is a link to the first program.
public final class Initramfs {
  private final Manifest manifest;
  private final ClosureReader reader;
  private final SortedMap<String, Node> nodes = new TreeMap<>(); // parents come first

  private sealed interface Node {}

  private record Directory() implements Node {}

  private record Link(String target) implements Node {}

  private record Stored(Manifest.Entry entry) implements Node {}

  private record InTree(eris.ReadCapability content, boolean executable) implements Node {}

  private Initramfs(Manifest manifest, ClosureReader reader) {
    this.manifest = manifest;
    this.reader = reader;
  }

  /// Writes the archive: the same manifest gives the same bytes.
  ///
  /// @param init the path of the program that is process 1
  /// @throws FaultyFile if a file cannot be had
  /// @throws IOException if two names are in each other's way
  public static void write(
      Manifest manifest, String init, ClosureReader reader, WritableByteChannel target)
      throws IOException {
    var image = new Initramfs(manifest, reader);
    image.plan(init);
    image.write(new CpioWriter(target));
  }

  private void plan(String init) throws IOException {
    for (String directory :
        new String[] {"bin", "dev", "lib", "proc", "root", "sys", "tmp", "usr"}) {
      nodes.put(directory, new Directory());
    }
    nodes.put("lib64", new Link("lib"));
    nodes.put("usr/bin", new Link("../bin"));
    nodes.put("usr/lib", new Link("../lib"));
    nodes.put("usr/lib64", new Link("../lib"));
    nodes.put("init", new Link(init));
    for (Map.Entry<String, Manifest.Entry> file : manifest.files().entrySet()) {
      addFile(file.getKey(), file.getValue());
    }
    for (Map.Entry<String, Manifest.Entry> file : manifest.files().entrySet()) {
      addNames(file.getKey(), file.getValue());
    }
  }

  private void addFile(String path, Manifest.Entry entry) throws IOException {
    if (entry.type() != Manifest.Type.TREE) {
      add(path, new Stored(entry));
      return;
    }
    for (Map.Entry<ErisFs.Path, ErisFs.Entry> inner :
        reader.readTree(path, entry).entries().entrySet()) {
      add(
          path + "/" + String.join("/", inner.getKey().names()),
          switch (inner.getValue()) {
            case ErisFs.File(var content) -> new InTree(content, false);
            case ErisFs.Executable(var content) -> new InTree(content, true);
            case ErisFs.SymbolicLink(var target) -> new Link(target);
          });
    }
  }

  private void addNames(String path, Manifest.Entry entry) throws IOException {
    for (Map.Entry<String, String> need : entry.needs().entrySet()) {
      addName("lib/" + need.getKey(), need.getValue());
    }
    for (Map.Entry<String, String> plugin : entry.plugins().entrySet()) {
      addName("lib/" + plugin.getKey(), plugin.getValue());
    }
    if (entry.interpreter().isPresent()) {
      String written = new InterpreterName(reader).of(path, entry);
      if (written.startsWith("/")) {
        addName(merged(written.substring(1)), entry.interpreter().get());
      }
    }
  }

  /// A name for a file of the manifest, unless that has it as its path.
  private void addName(String name, String path) throws IOException {
    if (!name.equals(path)) {
      add(name, new Link("/" + path));
    }
  }

  private static String merged(String path) {
    return path.replaceFirst("^usr/(?=bin/|lib/|lib64/)", "").replaceFirst("^lib64/", "lib/");
  }

  private void add(String name, Node node) throws IOException {
    ErisFs.Path parts;
    try {
      parts = ErisFs.Path.of(name.split("/", -1));
    } catch (IllegalArgumentException e) {
      throw new IOException("'%s' is no name in an image".formatted(name), e);
    }
    StringBuilder parent = new StringBuilder();
    for (String part : parts.names().subList(0, parts.names().size() - 1)) {
      parent.append(parent.isEmpty() ? "" : "/").append(part);
      if (!(nodes.computeIfAbsent(parent.toString(), _ -> new Directory()) instanceof Directory)) {
        throw new IOException("'%s' would be in what is no directory".formatted(name));
      }
    }
    Node before = nodes.putIfAbsent(name, node);
    if (before != null && !before.equals(node)) {
      throw new IOException("'%s' would be two files".formatted(name));
    }
  }

  private void write(CpioWriter archive) throws IOException {
    for (Map.Entry<String, Node> node : nodes.entrySet()) {
      String name = node.getKey();
      switch (node.getValue()) {
        case Directory _ -> archive.directory(name);
        case Link(var target) -> archive.link(name, target);
        case Stored(var entry) ->
            archive.file(
                name,
                ClosureDirectory.isProgram(entry),
                entry.size(),
                target -> reader.copy(name, entry, target));
        case InTree(var content, var executable) ->
            archive.file(
                name,
                executable,
                reader.size(name, content),
                target -> reader.copy(name, content, _ -> {}, target));
      }
      if (name.equals("dev")) {
        archive.characterDevice("dev/console", 0600, 5, 1);
      }
    }
    archive.finish();
  }
}
