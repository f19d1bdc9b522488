package eris.stores.batch;

import eris.Reference;
import eris.cbor.Cbor;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Writes the items of a stream.
public final class BatchWriter {
  private final OutputStream out;
  private final StreamDigest digest = new StreamDigest();

  /// @param out buffered
  public BatchWriter(OutputStream out) {
    this.out = out;
  }

  /// The bytes that a string of `length` takes.
  public static long sizeOf(long length) {
    return length + (length < 24 ? 1 : length < 1 << 8 ? 2 : 3);
  }

  /// The bytes that the end mark after `count` strings takes.
  public static long sizeOfEnd(long count) {
    return new EndMark(count, Reference.LEAST).encode().length;
  }

  /// Writes references or bits.
  public void bytes(MemorySegment string) throws IOException {
    block(Reference.of(string), string);
  }

  /// Writes a block.
  public void block(Reference reference, MemorySegment block) throws IOException {
    head(block.byteSize());
    out.write(block.toArray(ValueLayout.JAVA_BYTE));
    digest.add(reference);
  }

  /// Writes what comes before a string that the caller writes, and counts it.
  public void head(Reference hash, long length) throws IOException {
    head(length);
    digest.add(hash);
  }

  private void head(long length) throws IOException {
    if (length < 1 || length > BatchReader.MOST_BYTES) {
      throw new IllegalArgumentException("a string of %d bytes".formatted(length));
    }
    if (length < 24) {
      out.write(0x40 | (int) length);
    } else if (length < 1 << 8) {
      out.write(new byte[] {0x58, (byte) length});
    } else {
      out.write(new byte[] {0x59, (byte) (length >> 8), (byte) length});
    }
  }

  /// Acknowledges blocks, at once.
  public void durable(long count) throws IOException {
    out.write(new Cbor.Int(count).encode());
    out.flush();
  }

  public void missing() throws IOException {
    out.write(new Cbor.Null().encode());
  }

  public void unreadable() throws IOException {
    out.write(new Cbor.Bool(false).encode());
  }

  public void failed(BatchFailure reason) throws IOException {
    out.write(new Cbor.Text(reason.toText()).encode());
    out.flush();
  }

  /// Ends the stream.
  public void end() throws IOException {
    end(digest.endMark());
  }

  /// Ends a stream that confirms another one.
  public void end(EndMark mark) throws IOException {
    out.write(mark.encode());
    out.flush();
  }
}
