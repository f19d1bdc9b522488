package eris.stores.coap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Bytes are a message or they are refused, and a message is the same after it was written and read.
/// To search: `JAZZER_FUZZ=1 mvn test -pl block-stores -am -Dtest=CoapFuzzTest
/// -Dsurefire.failIfNoSpecifiedTests=false`.
class CoapFuzzTest {
  private static final int MAX_BYTES = 4096;

  @FuzzTest
  void frames(byte[] input) throws MalformedMessage {
    ByteBuffer source = ByteBuffer.wrap(input);
    try {
      while (true) {
        int before = source.position();
        Optional<CoapMessage> message = Frame.readFrom(source, MAX_BYTES);
        if (message.isEmpty()) {
          assertThat(source.position()).isEqualTo(before);
          break;
        }
        assertThat(source.position() - before).isBetween(2, MAX_BYTES);
        requireStable(message.get());
        asksForParts(message.get());
      }
    } catch (MalformedMessage e) {
      assertThat(e).hasMessageStartingWith("malformed coap message: ");
    }
    datagram(input);
  }

  private static void datagram(byte[] input) throws MalformedMessage {
    try {
      Datagram datagram = Datagram.readFrom(ByteBuffer.wrap(input));
      ByteBuffer written = ByteBuffer.allocate(datagram.encodedBytes());
      datagram.writeTo(written);
      Datagram again = Datagram.readFrom(written.flip());
      assertThat(again.type()).isEqualTo(datagram.type());
      assertThat(again.id()).isEqualTo(datagram.id());
      assertThat(again.message().options()).isEqualTo(datagram.message().options());
      if (datagram.type() == Datagram.Type.CONFIRMABLE) {
        assertThat(Datagram.isConfirmable(ByteBuffer.wrap(input))).isTrue();
        assertThat(Datagram.id(ByteBuffer.wrap(input))).isEqualTo(datagram.id());
      }
    } catch (MalformedMessage e) {
      assertThat(e).hasMessageStartingWith("malformed coap message: ");
    }
  }

  private static void requireStable(CoapMessage message) throws MalformedMessage {
    byte[] written = bytes(message);
    CoapMessage again = Frame.readFrom(ByteBuffer.wrap(written), MAX_BYTES).orElseThrow();
    assertThat(again.options()).isEqualTo(message.options());
    assertThat(again.token()).isEqualTo(message.token());
    assertThat(bytes(again)).isEqualTo(written);
  }

  private static byte[] bytes(CoapMessage message) {
    ByteBuffer target = ByteBuffer.allocate(Frame.encodedBytes(message));
    Frame.writeTo(target, message);
    return target.array();
  }

  private static void asksForParts(CoapMessage message) throws MalformedMessage {
    Part.of(message, CoapOption.BLOCK1)
        .ifPresent(part -> assertThat(part.offsetBytes()).isBetween(0L, 1L << 30));
  }
}
