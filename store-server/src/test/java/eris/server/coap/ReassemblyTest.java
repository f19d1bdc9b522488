package eris.server.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.stores.coap.CoapCode;
import eris.stores.coap.CoapMessage;
import eris.stores.coap.CoapOption;
import eris.stores.coap.Part;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is kept of blocks that come in parts is bounded.
final class ReassemblyTest {
  private long now;
  private final Reassembly bodies = new Reassembly(() -> now);

  private static Peer peer(int number) {
    return new Peer(number, new InetSocketAddress(number), 1152, Optional.empty());
  }

  private Optional<MemorySegment> add(int peer, int tag, int index, boolean more) throws Refusal {
    CoapMessage request =
        CoapMessage.of(CoapCode.PUT, CoapOption.uint(CoapOption.REQUEST_TAG, tag))
            .with(MemorySegment.ofArray(new byte[1024]));
    return bodies.add(peer(peer), request, new Part(index, more, Part.KIB_1));
  }

  private void assertRefused(int code, int peer, int tag, int index) {
    assertThatExceptionOfType(Refusal.class)
        .isThrownBy(() -> add(peer, tag, index, true))
        .satisfies(refusal -> assertThat(refusal.response().code()).isEqualTo(code));
  }

  @Test
  void onePeerHasSixteenAtATime() throws Refusal {
    for (int tag = 0; tag < Reassembly.MAX_OF_ONE_PEER; tag++) {
      assertThat(add(1, tag, 0, true)).isEmpty();
    }
    assertRefused(CoapCode.UNAVAILABLE, 1, 99, 0);
    assertThat(add(2, 99, 0, true)).isEmpty();
    assertThat(add(1, 3, 1, false).orElseThrow().byteSize()).isEqualTo(2048);
    assertThat(add(1, 99, 0, true)).isEmpty();
  }

  @Test
  void allPeersTogetherHave256AtATime() throws Refusal {
    for (int peer = 0; peer < Reassembly.MAX_BODIES; peer++) {
      add(peer, 0, 0, true);
    }
    assertRefused(CoapCode.UNAVAILABLE, 1000, 0, 0);
    bodies.forget(7);
    assertThat(add(1000, 0, 0, true)).isEmpty();
  }

  @Test
  void whatNothingIsAddedToIsForgotten() throws Refusal {
    for (int peer = 0; peer < Reassembly.MAX_BODIES; peer++) {
      add(peer, 0, 0, true);
    }
    now += 59_000_000_000L;
    add(5, 0, 1, true);
    now += 2_000_000_000L;
    assertRefused(CoapCode.ENTITY_INCOMPLETE, 6, 0, 1);
    assertThat(add(5, 0, 2, true)).isEmpty();
  }

  @Test
  void firstPartBeginsAnew() throws Refusal {
    add(1, 0, 0, true);
    add(1, 0, 1, true);
    add(1, 0, 0, true);
    assertRefused(CoapCode.ENTITY_INCOMPLETE, 1, 0, 2);
    assertThat(add(1, 0, 1, false).orElseThrow().byteSize()).isEqualTo(2048);
  }

  @Test
  void noBodyIsLongerThanABlock() throws Refusal {
    for (int index = 0; index < 32; index++) {
      add(1, 0, index, true);
    }
    assertRefused(CoapCode.ENTITY_TOO_LARGE, 1, 0, 32);
    assertRefused(CoapCode.ENTITY_TOO_LARGE, 1, 0, 0xfffff);
  }
}
