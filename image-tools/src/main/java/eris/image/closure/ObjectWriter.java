package eris.image.closure;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.codec.Encoder;
import eris.store.BlockSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/// Encodes pieces of content, each with the block size that fits it, and counts them.
final class ObjectWriter {
  private final BlockSink sink;
  private final ConvergenceSecret secret;
  private final EncodingWatcher watcher;
  private final Map<BlockSize, Encoder> encoders = new EnumMap<>(BlockSize.class);
  private int objects;
  private long bytes;

  /// @param size in bytes
  record Written(ReadCapability capability, long size) {}

  ObjectWriter(BlockSink sink, ConvergenceSecret secret, EncodingWatcher watcher) {
    this.sink = sink;
    this.secret = secret;
    this.watcher = watcher;
  }

  /// How many pieces of content were written.
  int objects() {
    return objects;
  }

  long bytes() {
    return bytes;
  }

  Written write(Path file) throws IOException {
    try (FileChannel content = FileChannel.open(file)) {
      return write(content, content.size());
    }
  }

  Written write(byte[] content) throws IOException {
    return write(MemorySegment.ofArray(content));
  }

  Written write(MemorySegment content) throws IOException {
    try (ReadableByteChannel channel = new SegmentChannel(content)) {
      return write(channel, content.byteSize());
    }
  }

  private Written write(ReadableByteChannel content, long size) throws IOException {
    watcher.expect(size);
    Encoder encoder =
        encoders.computeIfAbsent(
            BlockSize.recommendedFor(size), blockSize -> new Encoder(blockSize, sink));
    long before = bytes;
    ReadCapability capability = encoder.encode(counting(content), secret);
    objects++;
    return new Written(capability, bytes - before);
  }

  private ReadableByteChannel counting(ReadableByteChannel content) {
    return new ReadableByteChannel() {
      @Override
      public int read(ByteBuffer target) throws IOException {
        int count = content.read(target);
        if (count > 0) {
          bytes += count;
          watcher.advance(count);
        }
        return count;
      }

      @Override
      public boolean isOpen() {
        return content.isOpen();
      }

      @Override
      public void close() throws IOException {
        content.close();
      }
    };
  }
}
