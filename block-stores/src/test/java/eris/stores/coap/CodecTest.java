package eris.stores.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages and their bytes, in datagrams and in streams.
final class CodecTest {
  private static final int MAX = CoapConnection.MAX_MESSAGE_BYTES;

  /// RFC 7252, appendix A, figure 16, both ways.
  @Test
  void examplesOfTheRfcHaveTheseBytes() throws MalformedMessage {
    var get =
        new Datagram(
            Datagram.Type.CONFIRMABLE,
            0x7d34,
            CoapMessage.of(CoapCode.GET, CoapOption.text(CoapOption.URI_PATH, "temperature")));
    assertThat(hex(get)).isEqualTo("40017d34bb74656d7065726174757265");
    var content =
        new Datagram(
            Datagram.Type.ACKNOWLEDGEMENT,
            0x7d34,
            CoapMessage.diagnostic(CoapCode.CONTENT, "22.3 C"));
    assertThat(hex(content)).isEqualTo("60457d34ff32322e332043");
    assertThat(hex(read("40017d34bb74656d7065726174757265"))).isEqualTo(hex(get));
    assertThat(hex(read("60457d34ff32322e332043"))).isEqualTo(hex(content));
  }

  /// RFC 8323: a CSM without options, a ping with a token, a message with each form of length.
  @Test
  void framesHaveTheseBytes() {
    assertThat(frameHex(CoapMessage.of(CoapCode.CSM))).isEqualTo("00e1");
    assertThat(frameHex(CoapMessage.of(CoapCode.PING).with(new Token(0xab, 1))))
        .isEqualTo("01e2ab");
    assertThat(frameHex(ofPayload(11))).startsWith("c045ff"); // 12 bytes with the mark
    assertThat(frameHex(ofPayload(12))).startsWith("d00045ff");
    assertThat(frameHex(ofPayload(267))).startsWith("d0ff45ff");
    assertThat(frameHex(ofPayload(268))).startsWith("e0000045ff");
    assertThat(frameHex(ofPayload(65_803))).startsWith("e0ffff45ff");
    assertThat(frameHex(ofPayload(65_804))).startsWith("f00000000045ff");
  }

  private static CoapMessage ofPayload(int bytes) {
    return CoapMessage.of(CoapCode.CONTENT).with(MemorySegment.ofArray(new byte[bytes]));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 11, 12, 13, 267, 268, 269, 1024, 32768, 65_000})
  void whatIsWrittenIsReadAgain(int payloadBytes) throws MalformedMessage {
    var random = new SplittableRandom(payloadBytes);
    for (int run = 0; run < 50; run++) {
      CoapMessage message = randomMessage(random, payloadBytes);
      String frame = frameHex(message);
      ByteBuffer source = ByteBuffer.wrap(HexFormat.of().parseHex(frame + "00"));
      CoapMessage read = Frame.readFrom(source, 1 << 20).orElseThrow();
      assertThat(source.remaining()).isEqualTo(1);
      assertThat(read.options()).isEqualTo(message.options());
      assertThat(read.token()).isEqualTo(message.token());
      assertThat(frameHex(read)).isEqualTo(frame);
      var datagram = new Datagram(Datagram.Type.NON_CONFIRMABLE, random.nextInt(1 << 16), message);
      assertThat(hex(read(hex(datagram)))).isEqualTo(hex(datagram));
    }
  }

  private static CoapMessage randomMessage(SplittableRandom random, int payloadBytes) {
    byte[] payload = new byte[payloadBytes];
    random.nextBytes(payload);
    CoapOption[] options = new CoapOption[random.nextInt(8)];
    for (int i = 0; i < options.length; i++) {
      byte[] value = new byte[random.nextInt(random.nextInt(5) == 0 ? 1035 : 20)];
      random.nextBytes(value);
      options[i] = CoapOption.of(random.nextInt(random.nextBoolean() ? 1 << 16 : 400), value);
    }
    int tokenBytes = random.nextInt(9);
    long token = tokenBytes == 0 ? 0 : random.nextLong() >>> 64 - 8 * tokenBytes;
    return CoapMessage.of(CoapCode.CONTENT, options)
        .with(new Token(token, tokenBytes))
        .with(MemorySegment.ofArray(payload));
  }

  @Test
  void frameThatIsCutIsWaitedFor() throws MalformedMessage {
    byte[] whole = HexFormat.of().parseHex(frameHex(randomMessage(new SplittableRandom(3), 300)));
    for (int length = 0; length < whole.length; length++) {
      ByteBuffer part = ByteBuffer.wrap(whole, 0, length);
      assertThat(Frame.readFrom(part, MAX)).isEmpty();
      assertThat(part.position()).isZero();
    }
    assertThat(Frame.readFrom(ByteBuffer.wrap(whole), MAX)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "f0ffffffff45, 'malformed coap message: 4295033106 bytes, want at most 65536'",
    "e0ffff, 'malformed coap message: 65808 bytes, want at most 65536'",
    "0945, malformed coap message: a token that is too long",
    "0f, malformed coap message: a token that is too long",
    "1045ff, malformed coap message: no payload behind the mark of one",
    "1045f0, malformed coap message: an option with a length or number that is reserved",
    "10450f, malformed coap message: an option with a length or number that is reserved",
    "104501, malformed coap message: ends in an option",
    "2045d0e0, ''",
    "1045d0, malformed coap message: ends in an option",
    "2045e0ff, malformed coap message: ends in an option",
    "3045e0ffff, malformed coap message: an option's number is above 65535",
    "3045 0efff0, malformed coap message: an option is too long",
  })
  void malformedFrameIsRefused(String hex, String line) throws MalformedMessage {
    ByteBuffer source = ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    if (line.isEmpty()) {
      assertThat(Frame.readFrom(source, MAX)).isPresent();
    } else {
      assertThatExceptionOfType(MalformedMessage.class)
          .isThrownBy(() -> Frame.readFrom(source, MAX))
          .withMessage(line);
    }
  }

  @Test
  void messageOfManyOptionsIsRefused() throws MalformedMessage {
    ByteBuffer options = ByteBuffer.allocate(CoapOptions.MAX_COUNT);
    assertThat(CoapOptions.readFrom(options).all()).hasSize(CoapOptions.MAX_COUNT);
    ByteBuffer more = ByteBuffer.allocate(CoapOptions.MAX_COUNT + 1);
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> CoapOptions.readFrom(more))
        .withMessageEndingWith("more than 64 options");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "40",
        "400100",
        "80010000",
        "00010000",
        "c0010000",
        "490100000000000000000000",
        "41010000",
        "4000000000",
        "410000000000",
        "4020000000",
        "40c10000",
        "40e10000",
        "40010000ff"
      })
  void malformedDatagramIsRefused(String hex) {
    assertThatExceptionOfType(MalformedMessage.class).isThrownBy(() -> read(hex));
  }

  @Test
  void onlyWhatIsConfirmableIsReset() {
    assertThat(Datagram.isConfirmable(bytes("40c11234"))).isTrue();
    assertThat(Datagram.id(bytes("40c1ff34"))).isEqualTo(0xff34);
    for (String other : new String[] {"50c11234", "60c11234", "80c11234", "40c112", ""}) {
      assertThat(Datagram.isConfirmable(bytes(other))).isFalse();
    }
  }

  /// A reference of 32 octets is no text (nim-eris sends it so).
  @Test
  void optionsAreRawBytes() throws MalformedMessage {
    byte[] octets = new byte[32];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) (0x80 + 3 * i);
    }
    CoapMessage message = CoapMessage.of(CoapCode.GET, CoapOption.of(CoapOption.URI_QUERY, octets));
    Datagram read = read(hex(new Datagram(Datagram.Type.CONFIRMABLE, 1, message)));
    assertThat(read.message().options().first(CoapOption.URI_QUERY).orElseThrow().value())
        .isEqualTo(octets);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "255, 1", "256, 2", "65535, 2", "65536, 3", "4294967295, 4"})
  void numbersTakeAsFewBytesAsTheyCan(long value, int bytes) {
    CoapOption option = CoapOption.uint(CoapOption.SIZE1, value);
    assertThat(option.lengthBytes()).isEqualTo(bytes);
    assertThat(option.uint()).hasValue(value);
  }

  @Test
  void whatIsTooLongIsNoNumber() {
    assertThat(CoapOption.of(CoapOption.SIZE1, new byte[5]).uint()).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CoapOption.uint(CoapOption.SIZE1, 1L << 32));
  }

  @Test
  void optionTakesThePlaceOfThoseOfItsNumber() {
    CoapMessage message =
        CoapMessage.of(CoapCode.GET, CoapOption.uint(60, 1), CoapOption.text(11, "a"))
            .with(CoapOption.uint(60, 2));
    assertThat(message.options().all())
        .containsExactly(CoapOption.text(11, "a"), CoapOption.uint(60, 2));
  }

  @Test
  void partsSayWhereTheyAre() throws MalformedMessage {
    var part = new Part(31, true, Part.KIB_1);
    CoapMessage message = CoapMessage.of(CoapCode.PUT, part.toOption(CoapOption.BLOCK1));
    assertThat(Part.of(message, CoapOption.BLOCK1)).isEqualTo(Optional.of(part));
    assertThat(Part.of(message, CoapOption.BLOCK2)).isEmpty();
    assertThat(part.offsetBytes()).isEqualTo(31 * 1024);
    assertThat(part.allows(1024)).isTrue();
    assertThat(part.allows(1023)).isFalse();
    assertThat(new Part(31, false, Part.KIB_1).allows(1023)).isTrue();
    assertThat(new Part(0, true, Part.BERT).allows(3072)).isTrue();
    assertThat(new Part(0, true, Part.BERT).allows(3073)).isFalse();
    assertThat(new Part(0, true, Part.BERT).allows(0)).isFalse();
    CoapMessage malformed =
        CoapMessage.of(CoapCode.PUT, CoapOption.of(CoapOption.BLOCK1, new byte[4]));
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> Part.of(malformed, CoapOption.BLOCK1));
  }

  @Test
  void codesAreSpokenAsTheRfcsWriteThem() {
    assertThat(CoapCode.spoken(CoapCode.NOT_FOUND)).isEqualTo("4.04");
    assertThat(CoapCode.spoken(CoapCode.CONTINUE)).isEqualTo("2.31");
    assertThat(CoapCode.isRequest(CoapCode.EMPTY)).isFalse();
    assertThat(CoapCode.isResponse(CoapCode.CSM)).isFalse();
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }

  private static Datagram read(String hex) throws MalformedMessage {
    return Datagram.readFrom(bytes(hex));
  }

  private static String hex(Datagram datagram) {
    ByteBuffer target = ByteBuffer.allocate(datagram.encodedBytes());
    datagram.writeTo(target);
    assertThat(target.hasRemaining()).isFalse();
    return HexFormat.of().formatHex(target.array());
  }

  private static String frameHex(CoapMessage message) {
    ByteBuffer target = ByteBuffer.allocate(Frame.encodedBytes(message));
    Frame.writeTo(target, message);
    assertThat(target.hasRemaining()).isFalse();
    return HexFormat.of().formatHex(target.array());
  }
}
