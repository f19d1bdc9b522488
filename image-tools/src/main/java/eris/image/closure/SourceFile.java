package eris.image.closure;

import eris.image.elf.ElfFile;
import eris.image.elf.MalformedElf;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A regular file of this machine, looked into once, whatever the paths that lead to it.
final class SourceFile {
  private static final int START_BYTES = 256;

  private final Path path;
  private final BasicFileAttributes attributes;
  private final byte[] start;
  private final Optional<ElfFile> elf;

  private SourceFile(
      Path path, BasicFileAttributes attributes, byte[] start, Optional<ElfFile> elf) {
    this.path = path;
    this.attributes = attributes;
    this.start = start;
    this.elf = elf;
  }

  /// A file of which only the bytes count.
  static SourceFile openData(Path path) throws IOException {
    return new SourceFile(path, regular(path), new byte[0], Optional.empty());
  }

  private static BasicFileAttributes regular(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new ClosureException(
          path + ": is " + (attributes.isDirectory() ? "a directory" : "no regular file"));
    }
    return attributes;
  }

  /// The first path that led to it.
  Path path() {
    return path;
  }

  /// What its loader sees in it, if it is ELF.
  Optional<ElfFile> elf() {
    return elf;
  }

  /// Its first bytes, as many as Linux looks at to run it. Not a copy.
  byte[] start() {
    return start;
  }

  long size() {
    return attributes.size();
  }

  /// Itself, not a path to it.
  Object identity() {
    return identity(path, attributes);
  }

  private static Object identity(Path path, BasicFileAttributes attributes) {
    return Objects.requireNonNullElse(attributes.fileKey(), path);
  }

  /// Whether other files that are not this one have the same content.
  boolean hasSameContent(SourceFile that) throws IOException {
    return identity().equals(that.identity())
        || size() == that.size() && Files.mismatch(path, that.path) < 0;
  }

  /// @throws ClosureException if the file is not the one that was looked into
  void requireUnchanged() throws IOException {
    BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
    if (now.size() != attributes.size()
        || !now.lastModifiedTime().equals(attributes.lastModifiedTime())
        || !Objects.equals(now.fileKey(), attributes.fileKey())) {
      throw new ClosureException(path + ": changed while it was read");
    }
  }

  /// All files that were looked into.
  static final class Cache {
    private final Map<Object, SourceFile> files = new HashMap<>();

    /// @throws ClosureException if it is no regular file, or begins as ELF and is none
    SourceFile open(Path path) throws IOException {
      BasicFileAttributes attributes = regular(path);
      Object identity = identity(path, attributes);
      SourceFile known = files.get(identity);
      if (known == null) {
        known = look(path, attributes);
        files.put(identity, known);
      }
      return known;
    }

    private static SourceFile look(Path path, BasicFileAttributes attributes) throws IOException {
      try (InputStream content = Files.newInputStream(path)) {
        byte[] start = content.readNBytes(START_BYTES);
        return new SourceFile(path, attributes, start, elf(path, start));
      }
    }

    private static Optional<ElfFile> elf(Path path, byte[] start) throws IOException {
      if (!ElfFile.isElf(MemorySegment.ofArray(start))) {
        return Optional.empty();
      }
      try (Arena arena = Arena.ofConfined();
          FileChannel file = FileChannel.open(path)) {
        return Optional.of(
            ElfFile.read(file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena)));
      } catch (MalformedElf e) {
        throw new ClosureException(path + ": " + e.getMessage(), e);
      }
    }
  }
}
