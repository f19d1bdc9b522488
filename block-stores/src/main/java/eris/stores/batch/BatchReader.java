package eris.stores.batch;

import static java.nio.charset.StandardCharsets.US_ASCII;

import eris.BlockSize;
import eris.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;

/// Reads the items of a stream, in constant memory. What is not in its shortest form is refused.
public final class BatchReader {
  /// The longest byte string there is.
  public static final int MOST_BYTES = BlockSize.MAX_BYTES;

  private static final int NUMBER = 0;
  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int FALSE = 0xf4;
  private static final int NULL = 0xf6;
  private static final int PAIR = 0x82;
  private static final int MOST_TEXT_BYTES = 23;

  private final InputStream in;

  /// @param in buffered
  public BatchReader(InputStream in) {
    this.in = in;
  }

  /// Reads the next item.
  ///
  /// @param buffer of [#MOST_BYTES], for a byte string
  /// @throws MalformedBatch if it is none of those that there are, or the stream ends here
  public BatchItem next(byte[] buffer) throws IOException {
    int first = readByte();
    return switch (first) {
      case NULL -> new BatchItem.Missing();
      case FALSE -> new BatchItem.Unreadable();
      case PAIR ->
          new BatchItem.End(new EndMark(readNumber(readByte(), NUMBER), readDigest(buffer)));
      default -> readHeaded(first, buffer);
    };
  }

  private BatchItem readHeaded(int first, byte[] buffer) throws IOException {
    return switch (first >>> 5) {
      case NUMBER -> new BatchItem.Durable(readNumber(first, NUMBER));
      case BYTES -> new BatchItem.Bytes(readBytes(first, buffer, MOST_BYTES));
      case TEXT -> {
        int length = (int) Math.min(readNumber(first, TEXT), MOST_TEXT_BYTES + 1L);
        if (length > MOST_TEXT_BYTES) {
          throw new MalformedBatch("a long text");
        }
        readFully(buffer, length);
        yield new BatchItem.Failed(
            BatchFailure.ofText(new String(buffer, 0, length, US_ASCII))
                .orElse(BatchFailure.FAILED));
      }
      default -> throw new MalformedBatch("an item of another type");
    };
  }

  private Reference readDigest(byte[] buffer) throws IOException {
    if (readBytes(readByte(), buffer, MOST_BYTES) != Reference.BYTES) {
      throw new MalformedBatch("a digest that has not 32 bytes");
    }
    return Reference.readFrom(MemorySegment.ofArray(buffer), 0);
  }

  private int readBytes(int first, byte[] buffer, int most) throws IOException {
    long length = readNumber(first, BYTES);
    if (length < 1 || length > most) {
      throw new MalformedBatch("a string of %d bytes".formatted(length));
    }
    readFully(buffer, (int) length);
    return (int) length;
  }

  /// The number in the head that begins with `first`.
  private long readNumber(int first, int type) throws IOException {
    int info = first & 31;
    if (first >>> 5 != type || info > 27) {
      throw new MalformedBatch("an item of another type");
    }
    if (info < 24) {
      return info;
    }
    int bytes = 1 << info - 24;
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number = number << 8 | readByte();
    }
    if (number < 24 || bytes > 1 && number >>> 4 * bytes == 0) { // one beyond 63 bits is negative
      throw new MalformedBatch("a number that is too large, or not in its shortest form");
    }
    return number;
  }

  /// Whether more is there already.
  public boolean hasMore() throws IOException {
    return in.available() > 0;
  }

  /// @throws MalformedBatch unless the stream ends here
  public void requireEnd() throws IOException {
    if (in.read() >= 0) {
      throw new MalformedBatch("something after the end mark");
    }
  }

  private int readByte() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw ended();
    }
    return next;
  }

  private void readFully(byte[] buffer, int count) throws IOException {
    if (in.readNBytes(buffer, 0, count) < count) {
      throw ended();
    }
  }

  private static MalformedBatch ended() {
    return new MalformedBatch("the stream ends before its end mark");
  }
}
