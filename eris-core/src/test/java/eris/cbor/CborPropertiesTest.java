package eris.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One encoding per item and one item per encoding.
@Timeout(60)
class CborPropertiesTest {
  /// The display name of a failed case is its seed. To run it alone:
  /// `mvn test -pl eris-core -Dtest=CborPropertiesTest -Deris.seed=SEED`.
  static LongStream seeds() {
    Long seed = Long.getLong("eris.seed");
    return seed == null ? LongStream.range(0, 100) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "eris.seed={0}")
  @MethodSource("seeds")
  void whatIsWrittenReadsBackEqual(long seed) throws CborException {
    Cbor item = random(seed).item(6);
    Cbor read = Cbor.decode(item.encode());
    assertThat(read).isEqualTo(item).hasSameHashCodeAs(item);
    assertThat(read.encode()).isEqualTo(item.encode());
  }

  @ParameterizedTest(name = "eris.seed={0}")
  @MethodSource("seeds")
  void itemsAreEqualJustWhenTheirEncodingsAre(long seed) {
    RandomCbor random = random(seed);
    Cbor a = random.item(2);
    Cbor b = random.item(2);
    assertThat(a.equals(b)).isEqualTo(Arrays.equals(a.encode(), b.encode()));
    assertThat(Integer.signum(a.compareTo(b))).isEqualTo(-Integer.signum(b.compareTo(a)));
  }

  @ParameterizedTest(name = "eris.seed={0}")
  @MethodSource("seeds")
  void everyTruncationIsRefused(long seed) {
    byte[] encoded = random(seed).item(3).encode();
    for (int length = 0; length < Math.min(encoded.length, 2000); length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThatExceptionOfType(CborException.class).isThrownBy(() -> Cbor.decode(cut));
    }
  }

  @ParameterizedTest(name = "eris.seed={0}")
  @MethodSource("seeds")
  void everyBitFlipReadsAsAnotherItemOrIsRefused(long seed) {
    byte[] encoded = random(seed).item(3).encode();
    for (int bit = 0; bit < 8 * Math.min(encoded.length, 1000); bit++) {
      byte[] flipped = encoded.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      requireCanonicalOrRefused(flipped);
    }
  }

  @ParameterizedTest(name = "eris.seed={0}")
  @MethodSource("seeds")
  void noiseReadsAsAnItemOrIsRefused(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 1000; i++) {
      byte[] noise = new byte[random.nextInt(1, 20)];
      random.nextBytes(noise);
      requireCanonicalOrRefused(noise);
    }
  }

  private static void requireCanonicalOrRefused(byte[] encoded) {
    try {
      assertThat(Cbor.decode(encoded).encode()).isEqualTo(encoded);
    } catch (CborException e) {
      assertThat(e.offsetBytes()).isBetween(0, encoded.length);
    }
  }

  @ParameterizedTest(name = "eris.seed={0}")
  @MethodSource("seeds")
  void theOrderInWhichEntriesAreGivenDoesNotMatter(long seed) {
    var entries = new ArrayList<Cbor.Entry>();
    for (int i = 0; i < 30; i++) {
      entries.add(new Cbor.Entry(new Cbor.Text("key " + i * i), new Cbor.Int(i)));
    }
    var sorted = new Cbor.Map(entries);
    Collections.shuffle(entries, new Random(seed));
    var shuffled = new Cbor.Map(entries);
    assertThat(shuffled).isEqualTo(sorted);
    assertThat(shuffled.encode()).isEqualTo(sorted.encode());
  }

  /// The example of RFC 8949, section 4.2.1.
  @Test
  void keysSortByTheirBytes() {
    List<Cbor> keys =
        List.of(
            new Cbor.Int(10),
            new Cbor.Int(100),
            new Cbor.Int(-1),
            new Cbor.Text("z"),
            new Cbor.Text("aa"),
            Cbor.Array.of(new Cbor.Int(100)),
            Cbor.Array.of(new Cbor.Int(-1)),
            new Cbor.Bool(false));
    List<Cbor.Entry> reversed =
        keys.reversed().stream().map(key -> new Cbor.Entry(key, key)).toList();
    var map = new Cbor.Map(reversed);
    assertThat(map.entries()).extracting(Cbor.Entry::key).containsExactlyElementsOf(keys);
    assertThat(keys).allSatisfy(key -> assertThat(map.get(key)).contains(key));
    assertThat(map.get(new Cbor.Text("a"))).isEmpty();
  }

  @Test
  void bytesAreCopiedAtTheBorder() {
    byte[] given = HexFormat.of().parseHex("cafe");
    var bytes = Cbor.Bytes.copyOf(given);
    given[0] = 0;
    bytes.toArray()[1] = 0;
    assertThat(bytes).isEqualTo(Cbor.Bytes.copyOf(HexFormat.of().parseHex("cafe")));
    assertThat(bytes).hasToString("Bytes[2 bytes]");
  }

  /// A quadratic reader would take minutes.
  @Test
  void aMillionEntriesAreRead() throws CborException {
    List<Cbor.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 1_000_000; i++) {
      var key = Cbor.Bytes.copyOf(ByteBuffer.allocate(32).putInt(i * 0x9e3779b1).array());
      entries.add(new Cbor.Entry(key, new Cbor.Int(i)));
    }
    var map = new Cbor.Map(entries);
    assertThat(Cbor.decode(map.encode()).equals(map)).isTrue();
  }

  private static RandomCbor random(long seed) {
    return new RandomCbor(new SplittableRandom(seed), RandomCbor.Keys.ANY);
  }
}
