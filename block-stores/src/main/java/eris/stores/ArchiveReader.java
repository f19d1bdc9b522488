package eris.stores;

import eris.BlockSize;
import eris.ErisException;
import eris.ErisException.CorruptBlock;
import eris.ReadCapability;
import eris.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Reads a block archive (EER cbor) as a stream, with one block in memory: `docs/formats/archive.md`.
///
/// Takes more than [ArchiveWriter] writes: heads that are longer than need be, arrays and maps of
/// definite length, blocks in any order and more than once.
public final class ArchiveReader {
  private static final int BYTES = 2;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TAG = 6;

  private static final long ERIS_TAG = 0x65726973;
  private static final long SELF_DESCRIBED_TAG = 55799;
  private static final long CAPABILITY_TAG = 276;

  private static final int BREAK = 0xff;
  private static final int END = -1;

  private final CountedInput in;
  private final Visitor visitor;
  private final MemorySegment block = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);

  /// What is in an archive.
  public interface Visitor {
    /// A block that hashes to its reference; its bytes begin `offsetBytes` into the archive. `block`
    /// is valid during the call.
    void block(Reference reference, MemorySegment block, long offsetBytes) throws IOException;

    /// A block that does not.
    void corrupt(CorruptBlock corrupt) throws IOException;

    void capability(ReadCapability capability) throws IOException;
  }

  private ArchiveReader(InputStream in, Visitor visitor) {
    this.in = new CountedInput(in);
    this.visitor = visitor;
  }

  /// Reads `in`, which should be buffered, to its end.
  ///
  /// @throws MalformedArchive if that is no archive, or ends too early, or goes on after it; what is
  ///     whole before that place was visited
  public static void read(InputStream in, Visitor visitor) throws IOException {
    new ArchiveReader(in, visitor).readArchive();
  }

  private void readArchive() throws IOException {
    Head array = readArrayHead();
    Items items = array.items(ARRAY, "an array");
    readBlocks(items.next().orElseThrow(() -> array.wanted("an array with a map of blocks")));
    Optional<Head> item = items.next();
    while (item.isPresent()) {
      readCapability(item.get());
      item = items.next();
    }
    if (in.read() != END) {
      throw new MalformedArchive(in.position() - 1, "the archive has ended, but not the input");
    }
  }

  private Head readArrayHead() throws IOException {
    Head head = readHead(in.require());
    if (head.isTag(SELF_DESCRIBED_TAG)) {
      head = readHead(in.require());
    }
    return head.isTag(ERIS_TAG) ? readHead(in.require()) : head;
  }

  private void readBlocks(Head head) throws IOException {
    Items entries = head.items(MAP, "a map of blocks");
    Optional<Head> key = entries.next();
    while (key.isPresent()) {
      readBlock(key.get());
      key = entries.next();
    }
  }

  private void readBlock(Head key) throws IOException {
    key.require(BYTES, key.argument == Reference.BYTES, "a reference of 32 bytes");
    Reference reference = Reference.readFrom(MemorySegment.ofArray(readBytes(Reference.BYTES)), 0);
    Head value = readHead(in.require());
    boolean isBlock = BlockSize.ofBytes(value.argument).isPresent();
    value.require(BYTES, isBlock, "a block of 1024 or 32768 bytes");
    MemorySegment bytes = block.asSlice(0, value.argument);
    long offsetBytes = in.position();
    bytes.copyFrom(MemorySegment.ofArray(readBytes((int) value.argument)));
    if (Reference.of(bytes).equals(reference)) {
      visitor.block(reference, bytes, offsetBytes);
    } else {
      visitor.corrupt(new CorruptBlock(reference, "does not hash to its reference"));
    }
  }

  private void readCapability(Head tag) throws IOException {
    tag.require(TAG, tag.argument == CAPABILITY_TAG, "a read capability");
    Head string = readHead(in.require());
    boolean fits = string.argument == ReadCapability.BYTES;
    string.require(BYTES, fits, "a read capability of 66 bytes");
    try {
      visitor.capability(ReadCapability.parse(readBytes(ReadCapability.BYTES)));
    } catch (ErisException.MalformedCapability e) {
      throw new MalformedArchive(string.offsetBytes, String.valueOf(e.getMessage()));
    }
  }

  private byte[] readBytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new MalformedArchive(in.position(), "the input ends within a string");
    }
    return bytes;
  }

  /// @param first the byte that was read already
  private Head readHead(int first) throws IOException {
    long offsetBytes = in.position() - 1;
    int type = first >> 5;
    int info = first & 0x1f;
    if (info < 24) {
      return new Head(offsetBytes, type, info);
    }
    if (info == 31) {
      return new Head(offsetBytes, type, Head.INDEFINITE);
    }
    if (info > 27) {
      throw new MalformedArchive(offsetBytes, "no cbor");
    }
    long argument = 0;
    for (int i = 0; i < 1 << info - 24; i++) {
      argument = argument << 8 | in.require();
    }
    if (argument < 0) {
      throw new MalformedArchive(offsetBytes, "a length or tag of 2^63 or more");
    }
    return new Head(offsetBytes, type, argument);
  }

  /// How an item begins: where, its major type, and its length, count or tag.
  private final class Head {
    static final long INDEFINITE = -1;
    final long offsetBytes;
    final int type;
    final long argument;

    Head(long offsetBytes, int type, long argument) {
      this.offsetBytes = offsetBytes;
      this.type = type;
      this.argument = argument;
    }

    boolean isTag(long number) {
      return type == TAG && argument == number;
    }

    void require(int wantedType, boolean argumentFits, String wanted) throws MalformedArchive {
      if (type != wantedType || !argumentFits) {
        throw wanted(wanted);
      }
    }

    MalformedArchive wanted(String what) {
      return new MalformedArchive(offsetBytes, "something else than " + what);
    }

    Items items(int wantedType, String wanted) throws MalformedArchive {
      require(wantedType, true, wanted);
      return new Items(argument);
    }
  }

  /// The items in an array, or the keys in a map, whose values the caller reads.
  private final class Items {
    private long left; // or INDEFINITE

    Items(long count) {
      left = count;
    }

    Optional<Head> next() throws IOException {
      if (left == 0) {
        return Optional.empty();
      }
      int first = in.require();
      if (left == Head.INDEFINITE) {
        return first == BREAK ? Optional.empty() : Optional.of(readHead(first));
      }
      left--;
      return Optional.of(readHead(first));
    }
  }

  /// Knows how many bytes were read.
  private static final class CountedInput {
    private final InputStream in;
    private long position;

    CountedInput(InputStream in) {
      this.in = in;
    }

    long position() {
      return position;
    }

    int read() throws IOException {
      position++;
      return in.read();
    }

    int require() throws IOException {
      int next = read();
      if (next == END) {
        throw new MalformedArchive(position - 1, "the input ends before the archive does");
      }
      return next;
    }

    byte[] readNBytes(int count) throws IOException {
      byte[] bytes = in.readNBytes(count);
      position += bytes.length;
      return bytes;
    }
  }
}
