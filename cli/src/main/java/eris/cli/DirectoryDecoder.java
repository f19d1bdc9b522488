package eris.cli;

import eris.ReadCapability;
import eris.codec.Decoder;
import eris.format.ErisFs;
import eris.store.BlockSource;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;

/// Makes the directory that an ERIS-FS describes, whole or not at all. Nothing is written outside of
/// it: names cannot climb, and no path leads through a link ([ErisFs] has no such values).
final class DirectoryDecoder {
  private static final int MAX_LIST_BYTES = 1 << 30;

  private final BlockSource source;
  private final Progress progress;
  private final long maxSize;
  private long size;

  DirectoryDecoder(BlockSource source, Progress progress, long maxSize) {
    this.source = source;
    this.progress = progress;
    this.maxSize = maxSize;
  }

  void decode(Decoder list, Path place) throws IOException, Failure {
    ErisFs tree = ErisFs.decode(read(list));
    if (Files.exists(place)) {
      throw new Failure(ExitCode.FAILED, place + ": already exists");
    }
    try (var directory = OutputDirectory.create(place)) {
      for (Map.Entry<ErisFs.Path, ErisFs.Entry> entry : tree.entries().entrySet()) {
        write(entry.getValue(), resolve(directory.path(), entry.getKey()));
      }
      directory.commit();
    }
  }

  private byte[] read(Decoder list) throws IOException, Failure {
    count(list.size());
    if (list.size() > MAX_LIST_BYTES) {
      throw new Failure(ExitCode.CORRUPT, "the content is too long for an ERIS-FS");
    }
    return Channels.newInputStream(list).readAllBytes();
  }

  private static Path resolve(Path directory, ErisFs.Path name) {
    Path path = directory;
    for (String part : name.names()) {
      path = path.resolve(part);
    }
    return path;
  }

  private void write(ErisFs.Entry entry, Path path) throws IOException, Failure {
    Files.createDirectories(path.getParent());
    switch (entry) {
      case ErisFs.File(var content) -> writeFile(content, path);
      case ErisFs.Executable(var content) -> {
        writeFile(content, path);
        makeExecutable(path);
      }
      case ErisFs.SymbolicLink(var target) -> Files.createSymbolicLink(path, Path.of(target));
    }
  }

  private void writeFile(ReadCapability content, Path path) throws IOException, Failure {
    try (Decoder decoder = Decoder.open(source, content);
        FileChannel file =
            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      count(decoder.size());
      progress.expect(decoder.size());
      Copy.exactly(decoder, decoder.size(), file, progress);
      file.force(true);
    }
  }

  private void count(long bytes) throws Failure {
    size += bytes;
    if (size < 0 || size > maxSize) {
      throw new Failure(
          ExitCode.REFUSED,
          "the directory is more than the %d bytes of --max-size".formatted(maxSize));
    }
  }

  /// Whoever may read it may run it.
  private static void makeExecutable(Path path) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    allow(permissions, PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE);
    allow(permissions, PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE);
    allow(permissions, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);
    Files.setPosixFilePermissions(path, permissions);
  }

  private static void allow(
      Set<PosixFilePermission> permissions, PosixFilePermission read, PosixFilePermission execute) {
    if (permissions.contains(read)) {
      permissions.add(execute);
    }
  }
}
