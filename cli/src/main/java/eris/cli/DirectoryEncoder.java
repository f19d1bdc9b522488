package eris.cli;

import eris.format.ErisFs;
import eris.format.ErisFs.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Encodes a directory as ERIS-FS: each file is content of its own, and so is the list of them.
/// Symbolic links are kept as links. Empty directories are not kept: the format has no place for
/// them.
final class DirectoryEncoder {
  private final ContentEncoder encoder;

  DirectoryEncoder(ContentEncoder encoder) {
    this.encoder = encoder;
  }

  ContentEncoder.Encoded encode(Path directory) throws IOException, Failure {
    SortedMap<ErisFs.Path, Entry> entries = new TreeMap<>();
    long size = 0;
    Path root = directory.toRealPath();
    for (Path path : below(root)) {
      ErisFs.Path name = nameOf(root.relativize(path));
      if (Files.isSymbolicLink(path)) {
        entries.put(name, new ErisFs.SymbolicLink(textOf(Files.readSymbolicLink(path))));
      } else if (Files.isRegularFile(path)) {
        ContentEncoder.Encoded file = encode(path, name, entries);
        size += file.size();
      } else if (!Files.isDirectory(path)) {
        throw new Failure(ExitCode.FAILED, path + ": is neither a file, a directory nor a link");
      }
    }
    byte[] list = new ErisFs(entries).encode();
    return new ContentEncoder.Encoded(
        directory.toString(),
        size + list.length,
        encoder.encode(Channels.newChannel(new ByteArrayInputStream(list))));
  }

  private ContentEncoder.Encoded encode(
      Path path, ErisFs.Path name, SortedMap<ErisFs.Path, Entry> entries)
      throws IOException, Failure {
    try (ContentFile content = ContentFile.open(path)) {
      ContentEncoder.Encoded file = encoder.encode(content);
      entries.put(
          name,
          // As its owner has it: whether we may run it depends on who asks, and on where.
          Files.getPosixFilePermissions(path).contains(PosixFilePermission.OWNER_EXECUTE)
              ? new ErisFs.Executable(file.capability())
              : new ErisFs.File(file.capability()));
      return file;
    }
  }

  private static List<Path> below(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(path -> !path.equals(directory)).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// Bytes that are no text would come back as others.
  private static String textOf(Path path) throws Failure {
    String text = path.toString();
    if (!Path.of(text).equals(path)) {
      throw new Failure(ExitCode.FAILED, text + ": is no text in UTF-8");
    }
    return text;
  }

  private static ErisFs.Path nameOf(Path relative) throws Failure {
    var names = new ArrayList<String>();
    for (Path name : relative) {
      names.add(textOf(name));
    }
    try {
      return new ErisFs.Path(names);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.FAILED, relative + ": " + e.getMessage());
    }
  }
}
