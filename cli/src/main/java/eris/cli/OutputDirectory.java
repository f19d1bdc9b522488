package eris.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A directory that appears whole or not at all, like [OutputFile].
final class OutputDirectory implements AutoCloseable {
  private final Path place;
  private final Path written;
  private final Thread onExit = new Thread(this::deleteQuietly, "eris-delete-output");
  private boolean committed;

  private OutputDirectory(Path place, Path written) {
    this.place = place;
    this.written = written;
  }

  static OutputDirectory create(Path path) throws IOException {
    Path place = path.toAbsolutePath().normalize();
    Path written = OutputFile.temporaryBeside(place);
    Files.createDirectory(written);
    var directory = new OutputDirectory(place, written);
    Runtime.getRuntime().addShutdownHook(directory.onExit);
    return directory;
  }

  /// Where to write.
  Path path() {
    return written;
  }

  void commit() throws IOException {
    Files.move(written, place, StandardCopyOption.ATOMIC_MOVE);
    committed = true;
  }

  @Override
  public void close() {
    if (!committed) {
      deleteQuietly();
    }
    OutputFile.removeHook(onExit);
  }

  private void deleteQuietly() {
    try {
      for (Path path : deepestFirst()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException _) {
      // Nothing more can be done; what ended the operation is reported.
    }
  }

  private List<Path> deepestFirst() throws IOException {
    if (!Files.exists(written)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(written)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
