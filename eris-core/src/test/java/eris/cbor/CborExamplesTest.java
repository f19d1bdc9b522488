package eris.cbor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The examples of RFC 8949, appendix A, as far as the model reaches.
class CborExamplesTest {
  @ParameterizedTest
  @MethodSource("examples")
  void appendixAReadsAndWritesTheSame(String hex, Cbor item) throws CborException {
    byte[] encoded = HexFormat.of().parseHex(hex);
    assertThat(Cbor.decode(encoded)).isEqualTo(item);
    assertThat(item.encode()).isEqualTo(encoded);
  }

  static Stream<Arguments> examples() {
    return Stream.of(integers(), strings(), tagsAndSimples(), arrays(), maps())
        .flatMap(examples -> examples);
  }

  private static Stream<Arguments> integers() {
    return Stream.of(
        Arguments.of("00", integer(0)),
        Arguments.of("01", integer(1)),
        Arguments.of("0a", integer(10)),
        Arguments.of("17", integer(23)),
        Arguments.of("1818", integer(24)),
        Arguments.of("1819", integer(25)),
        Arguments.of("1864", integer(100)),
        Arguments.of("1903e8", integer(1000)),
        Arguments.of("1a000f4240", integer(1000000)),
        Arguments.of("1b000000e8d4a51000", integer(1000000000000L)),
        Arguments.of("20", integer(-1)),
        Arguments.of("29", integer(-10)),
        Arguments.of("3863", integer(-100)),
        Arguments.of("3903e7", integer(-1000)),
        // not in the appendix: where our range and each head end
        Arguments.of("18ff", integer(255)),
        Arguments.of("190100", integer(256)),
        Arguments.of("19ffff", integer(65535)),
        Arguments.of("1a00010000", integer(65536)),
        Arguments.of("1affffffff", integer(0xffff_ffffL)),
        Arguments.of("1b0000000100000000", integer(0x1_0000_0000L)),
        Arguments.of("1b7fffffffffffffff", integer(Long.MAX_VALUE)),
        Arguments.of("3b7fffffffffffffff", integer(Long.MIN_VALUE)));
  }

  private static Stream<Arguments> strings() {
    return Stream.of(
        Arguments.of("40", bytes("")),
        Arguments.of("4401020304", bytes("01020304")),
        Arguments.of("60", text("")),
        Arguments.of("6161", text("a")),
        Arguments.of("6449455446", text("IETF")),
        Arguments.of("62225c", text("\"\\")),
        Arguments.of("62c3bc", text("\u00fc")),
        Arguments.of("63e6b0b4", text("\u6c34")),
        Arguments.of("64f0908591", text("\ud800\udd51")));
  }

  private static Stream<Arguments> tagsAndSimples() {
    return Stream.of(
        Arguments.of("f4", new Cbor.Bool(false)),
        Arguments.of("f5", new Cbor.Bool(true)),
        Arguments.of("f6", new Cbor.Null()),
        Arguments.of(
            "c074323031332d30332d32315432303a30343a30305a",
            new Cbor.Tag(0, text("2013-03-21T20:04:00Z"))),
        Arguments.of("c11a514b67b0", new Cbor.Tag(1, integer(1363896240))),
        Arguments.of("d74401020304", new Cbor.Tag(23, bytes("01020304"))),
        Arguments.of("d818456449455446", new Cbor.Tag(24, bytes("6449455446"))),
        Arguments.of(
            "d82076687474703a2f2f7777772e6578616d706c652e636f6d",
            new Cbor.Tag(32, text("http://www.example.com"))),
        Arguments.of("db7fffffffffffffff00", new Cbor.Tag(Long.MAX_VALUE, integer(0))));
  }

  private static Stream<Arguments> arrays() {
    return Stream.of(
        Arguments.of("80", Cbor.Array.of()),
        Arguments.of("83010203", Cbor.Array.of(integer(1), integer(2), integer(3))),
        Arguments.of(
            "8301820203820405",
            Cbor.Array.of(
                integer(1),
                Cbor.Array.of(integer(2), integer(3)),
                Cbor.Array.of(integer(4), integer(5)))),
        Arguments.of(
            "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
            new Cbor.Array(
                Stream.iterate(1L, i -> i + 1).limit(25).<Cbor>map(Cbor.Int::new).toList())));
  }

  private static Stream<Arguments> maps() {
    return Stream.of(
        Arguments.of("a0", map()),
        Arguments.of(
            "a201020304", map(entry(integer(1), integer(2)), entry(integer(3), integer(4)))),
        Arguments.of(
            "a26161016162820203",
            map(
                entry(text("a"), integer(1)),
                entry(text("b"), Cbor.Array.of(integer(2), integer(3))))),
        Arguments.of(
            "826161a161626163", Cbor.Array.of(text("a"), map(entry(text("b"), text("c"))))),
        Arguments.of(
            "a56161614161626142616361436164614461656145",
            map(
                entry(text("a"), text("A")),
                entry(text("b"), text("B")),
                entry(text("c"), text("C")),
                entry(text("d"), text("D")),
                entry(text("e"), text("E")))));
  }

  private static Cbor integer(long value) {
    return new Cbor.Int(value);
  }

  private static Cbor text(String value) {
    return new Cbor.Text(value);
  }

  private static Cbor bytes(String hex) {
    return Cbor.Bytes.copyOf(HexFormat.of().parseHex(hex));
  }

  private static Cbor.Entry entry(Cbor key, Cbor value) {
    return new Cbor.Entry(key, value);
  }

  private static Cbor map(Cbor.Entry... entries) {
    return new Cbor.Map(List.of(entries));
  }
}
