package eris.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.cbor.Cbor;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErisFsRefusalsTest {
  private static final byte[] CAPABILITY =
      HexFormat.of().parseHex("0f01" + "5a".repeat(32) + "c3".repeat(32));
  private static final Cbor LINK = Cbor.Array.of(new Cbor.Int(2), text("target"));

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "/", "a/b", "../..", "/etc/passwd", "a\0", "\0"})
  void unsafeNamesAreRefused(String name) {
    assertRefused(tree(entry(path("bin", name), LINK)), "in a path");
    assertRefused(tree(entry(path(name, "bin"), LINK)), "in a path");
  }

  @Test
  void pathsThatLeadThroughAnotherAreRefused() {
    assertRefused(
        tree(entry(path("a"), LINK), entry(path("a", "b"), LINK)), "leads through another entry");
    assertRefused(
        tree(
            entry(path("a"), file(0, CAPABILITY)),
            entry(path("a!"), LINK),
            entry(path("a", "b", "c"), LINK)),
        "leads through another entry");
  }

  @Test
  void pathsAreArraysOfText() {
    assertRefused(tree(entry(Cbor.Array.of(), LINK)), "a path without names");
    assertRefused(tree(entry(text("a"), LINK)), "a path that is not an array");
    assertRefused(
        tree(entry(Cbor.Array.of(Cbor.Bytes.copyOf(new byte[] {'a'})), LINK)),
        "a name in a path is not text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0", "a\0b"})
  void uselessTargetsAreRefused(String target) {
    assertRefused(
        tree(entry(path("a"), Cbor.Array.of(new Cbor.Int(2), text(target)))), "a link target");
  }

  @Test
  void entriesAreAKindAndItsValue() {
    String want = "an entry that is not a kind and a value";
    assertRefused(tree(entry(path("a"), text("b"))), want);
    assertRefused(tree(entry(path("a"), Cbor.Array.of(new Cbor.Int(2)))), want);
    assertRefused(tree(entry(path("a"), Cbor.Array.of(text("2"), text("b")))), want);
    assertRefused(
        tree(entry(path("a"), Cbor.Array.of(new Cbor.Int(2), text("b"), text("c")))), want);
    assertRefused(
        tree(entry(path("a"), Cbor.Array.of(new Cbor.Int(3), text("b")))), "an entry of kind 3");
    assertRefused(
        tree(entry(path("a"), Cbor.Array.of(new Cbor.Int(-1), text("b")))), "an entry of kind -1");
    assertRefused(
        tree(entry(path("a"), Cbor.Array.of(new Cbor.Int(2), new Cbor.Null()))),
        "a link target is not text");
  }

  @Test
  void filesHaveAWellFormedCapability() {
    assertRefused(
        tree(entry(path("a"), Cbor.Array.of(new Cbor.Int(0), text("urn:eris:")))),
        "a file without tag 276 around a byte string");
    assertRefused(
        tree(entry(path("a"), Cbor.Array.of(new Cbor.Int(1), Cbor.Bytes.copyOf(CAPABILITY)))),
        "a file without tag 276 around a byte string");
    assertRefused(tree(entry(path("a"), file(0, Arrays.copyOf(CAPABILITY, 65)))), "65 bytes");
    byte[] unknownSize = CAPABILITY.clone();
    unknownSize[0] = 0x0b;
    assertRefused(tree(entry(path("a"), file(1, unknownSize))), "unknown block size 0x0b");
  }

  @ParameterizedTest
  @MethodSource("notTrees")
  void otherItemsAreRefused(Cbor item) {
    assertRefused(item, "no tag 1701996916 around a version and a map");
  }

  static Stream<Cbor> notTrees() {
    Cbor version = new Cbor.Int(1);
    Cbor map = new Cbor.Map(List.of());
    return Stream.of(
        Cbor.Array.of(version, map),
        new Cbor.Tag(1701996915, Cbor.Array.of(version, map)),
        new Cbor.Tag(ErisFs.TAG, map),
        new Cbor.Tag(ErisFs.TAG, Cbor.Array.of(version)),
        new Cbor.Tag(ErisFs.TAG, Cbor.Array.of(version, map, map)),
        new Cbor.Tag(ErisFs.TAG, Cbor.Array.of(map, version)),
        new Cbor.Tag(ErisFs.TAG, Cbor.Array.of(version, new Cbor.Null())));
  }

  @Test
  void otherVersionsAreRefused() {
    Cbor map = new Cbor.Map(List.of());
    assertRefused(
        new Cbor.Tag(ErisFs.TAG, Cbor.Array.of(new Cbor.Int(2), map)), "version 2, want 1");
  }

  @Test
  void damagedBytesAreAnotherTreeOrRefusedWithoutACapabilityInTheMessage() {
    byte[] good =
        tree(entry(path("a"), file(0, CAPABILITY)), entry(path("b", "c"), file(1, CAPABILITY)))
            .encode();
    for (int bit = 0; bit < 8 * good.length; bit++) {
      byte[] damaged = good.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(ErisFs.decode(damaged).encode()).isEqualTo(damaged);
      } catch (ErisFs.MalformedException e) {
        assertThat(e.getMessage()).startsWith("malformed ERIS-FS: ").hasSizeLessThan(200);
        assertThat(e).message().doesNotContainIgnoringCase("c3c3").doesNotContain("YPB4"); // base32
      }
    }
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] good = tree(entry(path("a"), file(0, CAPABILITY))).encode();
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatExceptionOfType(ErisFs.MalformedException.class)
          .isThrownBy(() -> ErisFs.decode(cut))
          .withMessageContaining("malformed CBOR");
    }
  }

  private static void assertRefused(Cbor item, String detail) {
    assertThatExceptionOfType(ErisFs.MalformedException.class)
        .isThrownBy(() -> ErisFs.decode(item.encode()))
        .withMessageStartingWith("malformed ERIS-FS: ")
        .withMessageContaining(detail);
  }

  private static Cbor tree(Cbor.Entry... entries) {
    return new Cbor.Tag(ErisFs.TAG, Cbor.Array.of(new Cbor.Int(1), new Cbor.Map(List.of(entries))));
  }

  private static Cbor.Entry entry(Cbor path, Cbor entry) {
    return new Cbor.Entry(path, entry);
  }

  private static Cbor path(String... names) {
    return new Cbor.Array(Stream.of(names).map(ErisFsRefusalsTest::text).toList());
  }

  private static Cbor file(long kind, byte[] capability) {
    return Cbor.Array.of(new Cbor.Int(kind), new Cbor.Tag(276, Cbor.Bytes.copyOf(capability)));
  }

  private static Cbor text(String value) {
    return new Cbor.Text(value);
  }
}
