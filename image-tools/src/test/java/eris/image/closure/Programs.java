package eris.image.closure;

import eris.ConvergenceSecret;
import eris.codec.Decoder;
import eris.format.Manifest;
import eris.format.Manifest.Naming;
import eris.image.elf.Gcc;
import eris.store.MemoryBlockStore;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Small programs and libraries, made by gcc, and closures of them.
final class Programs {
  final Path directory;
  final MemoryBlockStore store = new MemoryBlockStore();
  private final Gcc gcc;

  Programs(Path directory) {
    this.directory = directory;
    this.gcc = new Gcc(directory);
  }

  /// A library `NAME`, with a function of the name without `lib` and `.so…`, which prints `text` and
  /// calls those of the libraries that it needs.
  Path library(String name, String text, Path... needs) throws Exception {
    return library(name, text, List.of("-Wl,-soname," + Path.of(name).getFileName()), needs);
  }

  Path library(String name, String text, List<String> options, Path... needs) throws Exception {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("-shared", "-fPIC"));
    return link(name, "void %s(void)".formatted(function(Path.of(name))), text, "", all, needs);
  }

  Path program(String name, List<String> options, Path... needs) throws Exception {
    return link(name, "int main(void)", name, "return 0;", options, needs);
  }

  private Path link(
      String name, String head, String text, String end, List<String> options, Path... needs)
      throws Exception {
    Files.createDirectories(directory.resolve(name).getParent());
    var code = new StringBuilder("#include <stdio.h>\n");
    for (Path need : needs) {
      code.append("void %s(void);%n".formatted(function(need)));
    }
    code.append(head).append(" { puts(\"").append(text).append("\");");
    for (Path need : needs) {
      code.append(function(need)).append("();");
    }
    code.append(end).append("}\n");
    List<String> all = new ArrayList<>(options);
    Stream.of(needs).map(Path::toString).forEach(all::add);
    all.add("-Wl,--allow-shlib-undefined");
    return gcc.compile(name, code.toString(), all.toArray(String[]::new));
  }

  private static String function(Path library) {
    return library.getFileName().toString().replaceFirst("^lib", "").replaceFirst("\\..*", "");
  }

  Path script(String name, String text) throws IOException {
    Path script = directory.resolve(name);
    Files.createDirectories(script.getParent());
    Files.writeString(script, text);
    script.toFile().setExecutable(true);
    return script;
  }

  Gcc.Outcome run(List<String> command) throws Exception {
    return Gcc.run(directory, Map.of(), command);
  }

  Closure closure(Naming naming, Path... roots) throws IOException {
    return closure(with(naming, List.of(), Map.of(), Set.of(), roots));
  }

  Closure closure(ClosureRequest request) throws IOException {
    return ClosureBuilder.build(
        request, store, ConvergenceSecret.nullSecret(), EncodingWatcher.NONE);
  }

  static ClosureRequest with(
      Naming naming,
      List<Path> libraryPath,
      Map<String, Path> plugins,
      Set<String> keep,
      Path... roots) {
    return new ClosureRequest(
        List.of(roots),
        libraryPath,
        new TreeMap<>(plugins),
        new TreeMap<>(),
        keep,
        List.of(Path.of("/usr/bin")),
        naming);
  }

  /// Writes every file of the closure to a directory, by handle and, if it is asked for so, by name.
  Path materialise(Manifest manifest, String name) throws IOException {
    Path target = Files.createDirectory(directory.resolve(name));
    for (Map.Entry<String, Manifest.Entry> file : manifest.files().entrySet()) {
      Path object = target.resolve(file.getValue().handle().toString());
      if (!Files.exists(object)) {
        Files.write(object, content(file.getValue()));
        object.toFile().setExecutable(true);
      }
    }
    for (Manifest.Entry entry : manifest.files().values()) {
      for (Map.Entry<String, String> need : entry.needs().entrySet()) {
        Path asked = target.resolve(need.getKey());
        if (!Files.exists(asked)) {
          Files.createLink(
              asked, target.resolve(manifest.file(need.getValue()).handle().toString()));
        }
      }
    }
    return target;
  }

  byte[] content(Manifest.Entry entry) throws IOException {
    try (Decoder decoder = Decoder.open(store, entry.content())) {
      return Channels.newInputStream(decoder).readAllBytes();
    }
  }

  /// Starts a materialised program by its loader.
  Gcc.Outcome run(Manifest manifest, String path, Path from, String... arguments) throws Exception {
    Manifest.Entry program = manifest.file(path);
    List<String> command = new ArrayList<>();
    program
        .interpreter()
        .ifPresent(
            loader ->
                command.add(from.resolve(manifest.file(loader).handle().toString()).toString()));
    command.add(from.resolve(program.handle().toString()).toString());
    command.addAll(List.of(arguments));
    return Gcc.run(directory, Map.of("LD_LIBRARY_PATH", from.toString()), command);
  }
}
