package eris.stores;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/// A file or a block device of this machine.
///
/// Interrupting a thread inside a channel closes it for everybody. The others then open it anew and
/// try again, so an interrupt ends only the call it was meant for.
final class LocalDevice implements Device {
  private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[1 << 16]).asReadOnly();

  private final Path path;
  private final Set<OpenOption> options;
  private final boolean isFile;
  private volatile FileChannel channel;
  private volatile boolean closed;

  @FunctionalInterface
  private interface Operation<T> {
    T on(FileChannel channel) throws IOException;
  }

  private LocalDevice(Path path, Set<OpenOption> options) throws IOException {
    this.path = path;
    this.options = options;
    this.isFile = Files.isRegularFile(path);
    this.channel = FileChannel.open(path, options);
  }

  /// Opens what is at `path` for reading and writing.
  static LocalDevice open(Path path) throws IOException {
    return new LocalDevice(path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  static LocalDevice openReadOnly(Path path) throws IOException {
    return new LocalDevice(path, Set.of(StandardOpenOption.READ));
  }

  @Override
  public long size() throws IOException {
    return call(FileChannel::size);
  }

  @Override
  public boolean grows() {
    return isFile;
  }

  @Override
  public void read(long offset, MemorySegment target) throws IOException {
    call(channel -> readFully(channel, offset, target.asByteBuffer()));
  }

  private int readFully(FileChannel open, long offset, ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      if (open.read(target, offset + target.position()) < 0) {
        throw new EOFException("%s ends before byte %d".formatted(path, offset + target.limit()));
      }
    }
    return target.position();
  }

  @Override
  public void write(long offset, MemorySegment source) throws IOException {
    call(open -> writeFully(open, offset, source.asByteBuffer()));
  }

  private static int writeFully(FileChannel open, long offset, ByteBuffer source)
      throws IOException {
    while (source.hasRemaining()) {
      open.write(source, offset + source.position());
    }
    return source.position();
  }

  /// A file system sets space aside for what is written, even if only zeros.
  @Override
  public void reserve(long offset, long sizeBytes) throws IOException {
    if (!isFile) {
      return;
    }
    for (long done = 0; done < sizeBytes; done += ZEROS.byteSize()) {
      write(offset + done, ZEROS.asSlice(0, Math.min(ZEROS.byteSize(), sizeBytes - done)));
    }
  }

  /// In a thread of its own: interrupting the caller must not break off a flush.
  @Override
  public void flush() throws IOException {
    Flushers.flush(List.of(path));
  }

  @Override
  public void close() throws IOException {
    closed = true;
    channel.close();
  }

  private <T> T call(Operation<T> operation) throws IOException {
    while (true) {
      FileChannel open = channel;
      try {
        return operation.on(open);
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (ClosedChannelException e) {
        reopen(e);
      }
    }
  }

  private synchronized void reopen(ClosedChannelException cause) throws IOException {
    if (closed) {
      throw new IOException(path + " is closed", cause);
    }
    if (!channel.isOpen()) { // else another thread was here
      channel = FileChannel.open(path, options);
    }
  }
}
