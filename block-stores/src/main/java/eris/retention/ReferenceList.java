package eris.retention;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ErisException;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Decoder;
import eris.codec.Encoder;
import eris.store.BlockSink;
import eris.store.BlockSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/// The content that a live set is stored as: its references, 32 bytes each, strictly ascending, and
/// nothing else. Encoded with the null secret, so equal sets have equal lists.
final class ReferenceList {
  private static final int BUFFER_BYTES = 1 << 16;

  private ReferenceList() {}

  /// What [#write] wrote.
  record Written(ReadCapability capability, long count) {}

  /// Encodes what `set` holds. Does not sync the sink.
  ///
  /// @param countAtMost decides on the size of blocks
  static Written write(LiveSet set, long countAtMost, BlockSink sink) throws IOException {
    BlockSize blockSize = BlockSize.recommendedFor(countAtMost * Reference.BYTES);
    try (ReferenceCursor cursor = set.open()) {
      var content = new Content(cursor);
      ReadCapability capability =
          new Encoder(blockSize, sink).encode(content, ConvergenceSecret.nullSecret());
      return new Written(capability, content.count);
    }
  }

  /// Goes through a list of `count` references.
  ///
  /// @throws DamagedLiveSet, here and while advancing, if it is anything else
  static ReferenceCursor read(BlockSource source, ReadCapability capability, long count)
      throws IOException {
    try {
      Decoder decoder = Decoder.open(source, capability);
      if (count != decoder.size() / Reference.BYTES || decoder.size() % Reference.BYTES != 0) {
        throw new DamagedLiveSet(
            "the list has %d bytes, want %d references".formatted(decoder.size(), count));
      }
      return new ListCursor(decoder);
    } catch (ErisException e) {
      throw new DamagedLiveSet(e);
    }
  }

  /// References as a channel of their bytes.
  private static final class Content implements ReadableByteChannel {
    private final ReferenceCursor cursor;
    private final ByteBuffer one = ByteBuffer.allocate(Reference.BYTES).limit(0);
    private long count;

    Content(ReferenceCursor cursor) {
      this.cursor = cursor;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      int before = target.remaining();
      while (target.hasRemaining() && (one.hasRemaining() || fill())) {
        int length = Math.min(one.remaining(), target.remaining());
        target.put(target.position(), one, one.position(), length);
        target.position(target.position() + length);
        one.position(one.position() + length);
      }
      int read = before - target.remaining();
      return read == 0 && before > 0 ? -1 : read;
    }

    private boolean fill() throws IOException {
      if (!cursor.advance()) {
        return false;
      }
      cursor.reference().writeTo(MemorySegment.ofArray(one.array()), 0);
      one.clear();
      count++;
      return true;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static final class ListCursor implements ReferenceCursor {
    private final Decoder decoder;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private Reference reference = Reference.LEAST;
    private boolean begun;

    ListCursor(Decoder decoder) {
      this.decoder = decoder;
    }

    @Override
    public boolean advance() throws IOException {
      if (!buffer.hasRemaining() && !fill()) {
        return false;
      }
      Reference next = Reference.readFrom(MemorySegment.ofArray(buffer.array()), buffer.position());
      buffer.position(buffer.position() + Reference.BYTES);
      if (begun && next.compareTo(reference) <= 0) {
        throw new DamagedLiveSet("the list is not strictly ascending");
      }
      begun = true;
      reference = next;
      return true;
    }

    private boolean fill() throws IOException {
      buffer.clear();
      try {
        while (buffer.hasRemaining() && decoder.read(buffer) >= 0) {}
      } catch (ErisException e) {
        throw new DamagedLiveSet(e);
      }
      buffer.flip();
      return buffer.hasRemaining();
    }

    @Override
    public Reference reference() {
      return reference;
    }

    @Override
    public void close() {
      decoder.close();
    }
  }
}
