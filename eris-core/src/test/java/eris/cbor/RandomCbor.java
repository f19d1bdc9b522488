package eris.cbor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Makes items of all kinds, with the lengths and numbers where heads change more often than chance
/// would have them.
record RandomCbor(RandomGenerator random, Keys keys) {
  /// Which items serve as map keys.
  enum Keys {
    ANY,
    TEXT
  }

  private static final int[] LENGTHS = {0, 1, 23, 24, 25, 255, 256, 257, 300};

  Cbor item(int depth) {
    return switch (random.nextInt(depth > 1 ? 9 : 5)) {
      case 0 -> new Cbor.Int(integer());
      case 1 -> bytes();
      case 2 -> text();
      case 3 -> new Cbor.Bool(random.nextBoolean());
      case 4 -> new Cbor.Null();
      case 5, 6 -> new Cbor.Array(Stream.generate(() -> item(depth - 1)).limit(count()).toList());
      case 7 -> new Cbor.Map(entries(depth - 1));
      default -> new Cbor.Tag(256 + random.nextInt(1 << random.nextInt(1, 31)), item(depth - 1));
    };
  }

  private List<Cbor.Entry> entries(int depth) {
    Supplier<Cbor> key = keys == Keys.ANY ? () -> item(depth) : this::text;
    Set<Cbor> seen = new HashSet<>();
    List<Cbor.Entry> entries = new ArrayList<>();
    for (int i = count(); i > 0; i--) {
      Cbor next = key.get();
      if (seen.add(next)) {
        entries.add(new Cbor.Entry(next, item(depth)));
      }
    }
    return entries;
  }

  private long integer() {
    long value = random.nextLong() >>> random.nextInt(64);
    return random.nextBoolean() ? value : ~value;
  }

  private Cbor bytes() {
    byte[] bytes = new byte[length()];
    random.nextBytes(bytes);
    return Cbor.Bytes.copyOf(bytes);
  }

  private Cbor text() {
    int[] codePoints =
        random
            .ints(length() / 4, 0, 1 << random.nextInt(1, 21))
            .filter(this::isCharacter)
            .toArray();
    return new Cbor.Text(new String(codePoints, 0, codePoints.length));
  }

  private boolean isCharacter(int codePoint) {
    return Character.isValidCodePoint(codePoint)
        && (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE);
  }

  private int length() {
    return LENGTHS[random.nextInt(LENGTHS.length)];
  }

  private int count() {
    return random.nextInt(10) == 0 ? 24 : random.nextInt(5);
  }
}
