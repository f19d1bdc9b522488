package eris;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.ErisException.MalformedReference;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
  private static final String TEXT = "VZT65RPRZLMB3TJFDGEFZ4TPGU2O4MBK6OMP3ABFPF7ZLTRJXJHQ";
  private static final byte[] BYTES =
      HexFormat.of().parseHex("ae67eec5f1cad81dcd2519885cf26f3534ee302af398fd8025797f95ce29ba4f");

  @Test
  void hashesWithBlake2b256() {
    var abc = MemorySegment.ofArray("abc".getBytes(StandardCharsets.US_ASCII));
    byte[] digest = new byte[32];
    Reference.of(abc).writeTo(MemorySegment.ofArray(digest), 0);
    assertThat(HexFormat.of().formatHex(digest))
        .isEqualTo("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  }

  @Test
  void readsAndWritesItsBytesAnywhere() {
    try (Arena arena = Arena.ofConfined()) {
      for (int offset = 0; offset < 9; offset++) {
        MemorySegment memory = arena.allocate(50).fill((byte) 7);
        Reference.readFrom(MemorySegment.ofArray(BYTES), 0).writeTo(memory, offset);
        assertThat(memory.asSlice(offset, 32).mismatch(MemorySegment.ofArray(BYTES))).isEqualTo(-1);
        assertThat(memory.get(JAVA_BYTE, offset + 32)).isEqualTo((byte) 7);
        assertThat(Reference.readFrom(memory, offset)).hasToString(TEXT);
      }
    }
  }

  @Test
  void staysInsideItsMemory() {
    MemorySegment memory = MemorySegment.ofArray(new byte[40]);
    var reference = Samples.reference(1);
    for (long offset : new long[] {-1, 9, 40, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> Reference.readFrom(memory, offset))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> reference.writeTo(memory, offset))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(memory.toArray(JAVA_BYTE)).containsOnly(0);
  }

  @Test
  void parsesWhatItPrints() throws MalformedReference {
    for (int i = 0; i < 100; i++) {
      var reference = Samples.reference(i);
      assertThat(Reference.parse(reference.toString())).isEqualTo(reference);
      assertThat(Reference.parse(reference.toUrn())).isEqualTo(reference);
    }
    assertThat(Reference.parse(TEXT).toUrn()).isEqualTo("urn:blake2b:" + TEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"urn:blake2b:", "URN:BLAKE2B:", "Urn:Blake2b:"})
  void takesThePrefixInAnyCase(String prefix) throws MalformedReference {
    assertThat(Reference.parse(prefix + TEXT)).hasToString(TEXT);
  }

  /// The Kelvin sign is a `k` in lower case.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "urn:bla\u212ae2b:",
        "urn:blake2s:",
        "blake2b:",
        "urn:blake2b",
        " urn:blake2b:",
        "urn:eris:"
      })
  void refusesOtherPrefixes(String prefix) {
    assertThatThrownBy(() -> Reference.parse(prefix + TEXT)).isInstanceOf(MalformedReference.class);
  }

  @Test
  void refusesOtherSpellings() {
    for (String text :
        new String[] {
          "",
          TEXT.substring(1),
          TEXT + "A",
          TEXT.toLowerCase(Locale.ROOT),
          TEXT.substring(0, 51) + "R", // a trailing bit
          TEXT.substring(0, 51) + "=",
          "urn:blake2b:",
          "urn:blake2b:" + TEXT.substring(12), // 52 characters in all
        }) {
      assertThatThrownBy(() -> Reference.parse(text)).isInstanceOf(MalformedReference.class);
    }
  }

  @Test
  void isOrderedByItsBytes() {
    for (int i = 0; i < 2000; i++) {
      byte[] a = Samples.bytes(i, 32);
      byte[] b = a.clone();
      b[i % 32] += (byte) (1 + i % 255);
      Reference first = Reference.readFrom(MemorySegment.ofArray(a), 0);
      Reference second = Reference.readFrom(MemorySegment.ofArray(b), 0);
      assertThat(Integer.signum(first.compareTo(second)))
          .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
    }
    assertThat(Samples.reference(1).compareTo(Samples.reference(1))).isZero();
  }

  @Test
  void isNullOnlyIfAllBytesAre() {
    assertThat(new Reference(0, 0, 0, 0).isNull()).isTrue();
    for (int bit = 0; bit < 256; bit++) {
      byte[] bytes = new byte[32];
      bytes[bit / 8] = (byte) (1 << bit % 8);
      assertThat(Reference.readFrom(MemorySegment.ofArray(bytes), 0).isNull()).isFalse();
    }
  }

  @Test
  void isAbbreviatedForPeople() {
    assertThat(Reference.readFrom(MemorySegment.ofArray(BYTES), 0).abbreviated())
        .isEqualTo("VZT6…XJHQ");
  }

  @Test
  void hashCodesDiffer() {
    assertThat(
            LongStream.range(0, 100)
                .mapToObj(Samples::reference)
                .map(Reference::hashCode)
                .distinct())
        .hasSize(100);
  }
}
