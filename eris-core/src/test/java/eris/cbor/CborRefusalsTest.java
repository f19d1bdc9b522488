package eris.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is not the deterministic encoding of an item is refused, where it stands and cheaply.
@Timeout(60)
class CborRefusalsTest {
  @ParameterizedTest
  @CsvSource({
    // heads
    "1800, 0, head is not the shortest",
    "1817, 0, head is not the shortest",
    "1900ff, 0, head is not the shortest",
    "1a0000ffff, 0, head is not the shortest",
    "1b00000000ffffffff, 0, head is not the shortest",
    "3800, 0, head is not the shortest",
    "5800, 0, head is not the shortest",
    "780161, 0, head is not the shortest",
    "980100, 0, head is not the shortest",
    "b8010000, 0, head is not the shortest",
    "d81700, 0, head is not the shortest",
    "d900ff00, 0, head is not the shortest",
    "1c, 0, reserved head",
    "7d, 0, reserved head",
    "9e, 0, reserved head",
    "1b8000000000000000, 0, number beyond 63 bits",
    "3bffffffffffffffff, 0, number beyond 63 bits",
    "db800000000000000000, 0, number beyond 63 bits",
    "5bffffffffffffffff, 0, number beyond 63 bits",
    // indefinite lengths
    "5f420102ff, 0, indefinite length",
    "7f6161ff, 0, indefinite length",
    "9fff, 0, indefinite length",
    "82009f00ff, 2, indefinite length",
    "bf6161f5ff, 0, indefinite length",
    "1f, 0, indefinite length",
    // maps
    "a2020001f5, 3, map keys are not sorted",
    "a261620061610a, 4, map keys are not sorted",
    "a2626161006162f5, 5, map keys are not sorted",
    "a201000101, 3, map key is there twice",
    "a24000400a, 3, map key is there twice",
    "81a2810000810001, 5, map key is there twice",
    // text
    "61ff, 0, text is not UTF-8",
    "62c080, 0, text is not UTF-8",
    "63eda080, 0, text is not UTF-8",
    "8261616180, 3, text is not UTF-8",
    // floats and simple values
    "f7, 0, 'a float, or a simple value but false, true and null'",
    "e0, 0, 'a float, or a simple value but false, true and null'",
    "f814, 0, 'a float, or a simple value but false, true and null'",
    "f8ff, 0, 'a float, or a simple value but false, true and null'",
    "f93c00, 0, 'a float, or a simple value but false, true and null'",
    "fa47c35000, 0, 'a float, or a simple value but false, true and null'",
    "fb3ff199999999999a, 0, 'a float, or a simple value but false, true and null'",
    "ff, 0, 'a float, or a simple value but false, true and null'",
    // too much, too little
    "0000, 1, 1 bytes after the item",
    "80f6f6, 1, 2 bytes after the item",
    "'', 0, 'the input ends: 0 bytes left, want at least 1'",
    "19ff, 0, 'the input ends: 1 bytes left, want at least 2'",
    "430102, 0, 'the input ends: 2 bytes left, want at least 3'",
    "820082, 2, 'the input ends: 0 bytes left, want at least 2'",
    "a100, 2, 'the input ends: 0 bytes left, want at least 1'",
    "c1, 1, 'the input ends: 0 bytes left, want at least 1'",
  })
  void otherFormsAreRefusedWhereTheyStand(String hex, int offsetBytes, String detail) {
    assertThatExceptionOfType(CborException.class)
        .isThrownBy(() -> Cbor.decode(HexFormat.of().parseHex(hex)))
        .withMessage("malformed CBOR at byte %d: %s", offsetBytes, detail)
        .returns(offsetBytes, CborException::offsetBytes);
  }

  /// If a declared length were allocated, this would clear a terabyte.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "5a7ffffff0", "7a7ffffff0", "9a7ffffff0", "ba7ffffff0", // just what an array can hold
        "5b7fffffffffffffff", "7b7fffffffffffffff", "9b7fffffffffffffff", "bb7fffffffffffffff",
        "5b0000000100000001", "9b0000000100000001", // 1 if cut to 32 bits
      })
  void declaredLengthsAllocateNothing(String hex) {
    byte[] bomb = Arrays.copyOf(HexFormat.of().parseHex(hex), 12);
    for (int i = 0; i < 1000; i++) {
      assertThatExceptionOfType(CborException.class)
          .isThrownBy(() -> Cbor.decode(bomb))
          .withMessageContaining("the input ends");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"81", "a1", "c6"})
  void nestingIsLimited(String head) {
    byte[] bomb = new byte[10_000_000];
    Arrays.fill(bomb, HexFormat.of().parseHex(head)[0]);
    assertThatExceptionOfType(CborException.class)
        .isThrownBy(() -> Cbor.decode(bomb))
        .withMessage("malformed CBOR at byte 32: nested deeper than 32");
  }

  @Test
  void theDeepestNestingThatIsWrittenIsRead() throws CborException {
    Cbor deepest = nested(Cbor.MAX_DEPTH);
    assertThat(Cbor.decode(deepest.encode())).isEqualTo(deepest);
    assertThatIllegalArgumentException().isThrownBy(nested(Cbor.MAX_DEPTH + 1)::encode);
  }

  private static Cbor nested(int depth) {
    Cbor item = new Cbor.Null();
    for (int i = 1; i < depth; i++) {
      item = Cbor.Array.of(item);
    }
    return item;
  }

  @Test
  void valuesWithoutEncodingAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Cbor.Text("\ud800"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Cbor.Text("a\udc00"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Cbor.Tag(-1, new Cbor.Null()));
    var entry = new Cbor.Entry(new Cbor.Int(1), new Cbor.Null());
    assertThatIllegalArgumentException().isThrownBy(() -> new Cbor.Map(List.of(entry, entry)));
  }
}
