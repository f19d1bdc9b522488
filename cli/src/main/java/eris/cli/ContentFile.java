package eris.cli;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/// Content that is about to be encoded: a file, a pipe or standard input.
final class ContentFile implements AutoCloseable {
  private final String name;
  private final ReadableByteChannel channel;
  private final Optional<BasicFileAttributes> before; // of a regular file

  private ContentFile(
      String name, ReadableByteChannel channel, Optional<BasicFileAttributes> before) {
    this.name = name;
    this.channel = channel;
    this.before = before;
  }

  /// @param name a path, or `-` for standard input
  static ContentFile open(String name, Io io) throws IOException, Failure {
    if (name.equals("-")) {
      return new ContentFile("standard input", Channels.newChannel(io.in()), Optional.empty());
    }
    return open(Path.of(name));
  }

  static ContentFile open(Path path) throws IOException, Failure {
    BasicFileAttributes before = Files.readAttributes(path, BasicFileAttributes.class);
    if (before.isDirectory()) {
      throw new Failure(ExitCode.FAILED, path + ": is a directory", "put directories with -r");
    }
    return new ContentFile(
        path.toString(),
        FileChannel.open(path),
        Optional.of(before).filter(BasicFileAttributes::isRegularFile));
  }

  String name() {
    return name;
  }

  ReadableByteChannel channel() {
    return channel;
  }

  OptionalLong size() {
    return before.isPresent() ? OptionalLong.of(before.get().size()) : OptionalLong.empty();
  }

  /// @throws Failure if the file is not the one that was opened: what was read may never have been
  ///     its content
  void requireUnchanged() throws IOException, Failure {
    if (before.isEmpty()) {
      return;
    }
    try {
      BasicFileAttributes now = Files.readAttributes(Path.of(name), BasicFileAttributes.class);
      if (now.size() != before.get().size()
          || !now.lastModifiedTime().equals(before.get().lastModifiedTime())
          || !Objects.equals(now.fileKey(), before.get().fileKey())) {
        throw new Failure(ExitCode.FAILED, name + ": changed while it was read");
      }
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.FAILED, name + ": vanished while it was read");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
