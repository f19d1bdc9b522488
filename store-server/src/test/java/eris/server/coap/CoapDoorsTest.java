package eris.server.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.server.blocks.BlockService;
import eris.server.config.CoapSettings;
import eris.server.config.EchoMode;
import eris.server.config.HttpSettings.Put;
import eris.server.config.StoreLimits;
import eris.store.MemoryBlockStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the settings of a daemon open.
final class CoapDoorsTest {
  private static final Optional<InetSocketAddress> ANY = Optional.of(CoapFixture.anyPort());

  private static CoapSettings settings(
      Optional<InetSocketAddress> udp, Optional<InetSocketAddress> tcp, Optional<Put> put) {
    return new CoapSettings(udp, tcp, Optional.empty(), List.of(), EchoMode.AUTO, put);
  }

  @Test
  void doorsTellWhereTheyAre() throws IOException {
    try (var blocks = new BlockService(new MemoryBlockStore(), StoreLimits.DEFAULT);
        var doors = CoapDoors.open(settings(ANY, ANY, Optional.empty()), blocks)) {
      assertThat(doors.urls()).extracting(URI::getScheme).containsExactly("coap", "coap+tcp");
      assertThat(doors.urls()).allSatisfy(url -> assertThat(url.getPort()).isPositive());
    }
  }

  @Test
  void addressThatIsTakenOpensNothing() throws IOException {
    try (var blocks = new BlockService(new MemoryBlockStore(), StoreLimits.DEFAULT);
        var doors = CoapDoors.open(settings(ANY, Optional.empty(), Optional.empty()), blocks)) {
      int port = doors.urls().getFirst().getPort();
      var taken = Optional.of(new InetSocketAddress(ANY.get().getAddress(), port));
      CoapSettings both = settings(taken, ANY, Optional.empty());
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> CoapDoors.open(both, blocks));
    }
  }

  @Test
  void blocksAreTakenFromThisMachineUnlessSomebodySaysOtherwise() {
    var everywhere = new InetSocketAddress(5683);
    CoapSettings standard = settings(ANY, ANY, Optional.empty());
    assertThat(standard.takesBlocksAt(ANY.get())).isTrue();
    assertThat(standard.takesBlocksAt(everywhere)).isFalse();
    assertThat(settings(ANY, ANY, Optional.of(Put.OFF)).takesBlocksAt(ANY.get())).isFalse();
    CoapSettings on = settings(ANY, ANY, Optional.of(Put.ON));
    assertThat(on.takesBlocksAt(everywhere)).isFalse();
    assertThat(on.takesBlocksByKeyAt(everywhere)).isTrue();
    CoapSettings token = settings(ANY, ANY, Optional.of(Put.TOKEN));
    assertThat(token.takesBlocksAt(ANY.get())).isFalse();
    assertThat(token.takesBlocksByKeyAt(everywhere)).isTrue();
  }
}
