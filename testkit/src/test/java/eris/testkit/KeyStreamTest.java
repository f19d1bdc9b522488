package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class KeyStreamTest {
  @Test
  void isTheSameInPiecesOfAnySize() throws Exception {
    byte[] whole = KeyStream.bytes("a name", 300_000);
    for (int piece : new int[] {1, 63, 64, 65, 1000, 65_536, 70_000}) {
      var stream = new KeyStream("a name", whole.length);
      var read = ByteBuffer.allocate(whole.length);
      while (stream.read(read.limit(Math.min(whole.length, read.position() + piece))) > 0) {
        // on to the next piece
      }
      assertThat(read.array()).as("in pieces of %d", piece).isEqualTo(whole);
    }
  }

  @Test
  void shorterIsAPrefixOfLonger() {
    byte[] longer = KeyStream.bytes("another", 1000);
    assertThat(KeyStream.bytes("another", 77)).isEqualTo(Arrays.copyOf(longer, 77));
  }

  @Test
  void namesMakeDifferentStreams() {
    assertThat(KeyStream.bytes("a", 64)).isNotEqualTo(KeyStream.bytes("b", 64));
  }

  @Test
  void endsAtItsSize() throws Exception {
    var stream = new KeyStream("short", 10);
    var buffer = ByteBuffer.allocate(100);
    assertThat(stream.read(buffer)).isEqualTo(10);
    assertThat(stream.read(buffer)).isEqualTo(-1);
    assertThat(stream.position()).isEqualTo(10);
  }

  @Test
  void refusesMoreThanTheCounterCanCount() {
    assertThatThrownBy(() -> new KeyStream("x", KeyStream.MAX_BYTES + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsNothingOnceClosed() {
    var stream = new KeyStream("x", 10);
    stream.close();
    assertThat(stream.isOpen()).isFalse();
    assertThatThrownBy(() -> stream.read(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedChannelException.class);
  }

  @Test
  @Tag("wide")
  void goesOnWhereOneCipherEnds() throws Exception {
    var stream = new KeyStream("long", (1L << 30) + 64);
    var buffer = ByteBuffer.allocate(1 << 20);
    for (int i = 0; i < 1 << 10; i++) {
      stream.read(buffer.clear());
    }
    assertThat(stream.read(buffer.clear())).isEqualTo(64);
    assertThat(buffer.slice(0, 64)).isNotEqualTo(ByteBuffer.wrap(KeyStream.bytes("long", 64)));
  }
}
