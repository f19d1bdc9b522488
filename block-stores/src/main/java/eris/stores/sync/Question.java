package eris.stores.sync;

import eris.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the side that begins asks, at the end of each of its turns.
sealed interface Question {
  /// For the digests of what each of `ranges` falls into by the next `bits`.
  record Compare(Ranges ranges, int bits) implements Question {
    static final int MOST_RANGES = 4096;
    static final int MOST_CHILDREN = 1 << 16;
    static final int MOST_BITS = 8;
  }

  /// Tells all that this side holds in `ranges`, as far as they are in `from` to `to`, both
  /// included; asks for what it does not, and what of it the other side does not.
  record Have(Reference from, Reference to, Ranges ranges, List<Reference> references)
      implements Question {
    static final int MOST_RANGES = 1 << 14;
    static final int MOST_REFERENCES = 1 << 14;

    public Have {
      references = List.copyOf(references);
    }

    boolean covers(Reference reference) {
      return from.compareTo(reference) <= 0
          && reference.compareTo(to) <= 0
          && ranges.indexOf(reference) >= 0;
    }
  }

  /// For nothing more.
  record Bye() implements Question {}

  default void writeTo(SyncOutput out) throws IOException {
    switch (this) {
      case Compare(Ranges ranges, int bits) -> {
        MessageType.COMPARE.writeTo(out);
        writeRanges(ranges, out);
        out.writeNumber(bits, 1);
      }
      case Have(Reference from, Reference to, Ranges ranges, List<Reference> references) -> {
        MessageType.HAVE.writeTo(out);
        out.writeReference(from);
        out.writeReference(to);
        writeRanges(ranges, out);
        var list = new ReferenceListWriter(out);
        for (Reference reference : references) {
          list.add(reference);
        }
        list.end();
      }
      case Bye _ -> MessageType.BYE.writeTo(out);
    }
  }

  private static void writeRanges(Ranges ranges, SyncOutput out) throws IOException {
    out.writeNumber(ranges.depth(), 1);
    out.writeNumber(ranges.count(), Short.BYTES);
    for (int i = 0; i < ranges.count(); i++) {
      out.writeNumber(ranges.prefix(i), RANGE_BYTES);
    }
  }

  /// Of a prefix.
  int RANGE_BYTES = 3;

  /// Reads the rest of a question.
  static Question readFrom(SyncInput in, MessageType type) throws IOException {
    return switch (type) {
      case COMPARE -> readCompare(in);
      case HAVE -> readHave(in);
      case BYE -> new Bye();
      case DIGESTS, HELD, BLOCKS, DURABLE, FAILED ->
          throw in.malformed("%s where a question is due".formatted(type));
    };
  }

  private static Compare readCompare(SyncInput in) throws IOException {
    Ranges ranges = readRanges(in, Compare.MOST_RANGES);
    int bits = in.readByte();
    if (bits < 1
        || bits > Compare.MOST_BITS
        || ranges.depth() + bits > Ranges.MAX_DEPTH
        || ranges.count() << bits > Compare.MOST_CHILDREN) {
      throw in.malformed("%d more bits of %d ranges".formatted(bits, ranges.count()));
    }
    return new Compare(ranges, bits);
  }

  private static Have readHave(SyncInput in) throws IOException {
    Reference from = in.readReference();
    Reference to = in.readReference();
    Ranges ranges = readRanges(in, Have.MOST_RANGES);
    List<Reference> references = new ArrayList<>();
    var list = new ReferenceListReader(in);
    var have = new Have(from, to, ranges, List.of());
    Optional<Reference> next = list.next();
    while (next.isPresent()) {
      if (references.size() == Have.MOST_REFERENCES || !have.covers(next.get())) {
        throw in.malformed("references that are too many, or in no range");
      }
      references.add(next.get());
      next = list.next();
    }
    return new Have(from, to, ranges, references);
  }

  private static Ranges readRanges(SyncInput in, int most) throws IOException {
    int depth = in.readByte();
    int count = (int) in.readNumber(Short.BYTES);
    if (depth > Ranges.MAX_DEPTH || count < 1 || count > most) {
      throw in.malformed("%d ranges of %d bits".formatted(count, depth));
    }
    int[] prefixes = new int[count];
    for (int i = 0; i < count; i++) {
      prefixes[i] = (int) in.readNumber(RANGE_BYTES);
      if (prefixes[i] >>> depth != 0 || i > 0 && prefixes[i] <= prefixes[i - 1]) {
        throw in.malformed("ranges that do not ascend");
      }
    }
    return new Ranges(depth, prefixes);
  }
}
