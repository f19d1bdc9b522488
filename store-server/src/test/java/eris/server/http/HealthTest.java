package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.server.access.Gates;
import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.store.MemoryBlockStore;
import eris.testkit.FaultyStore;
import eris.testkit.SampleBlock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the operator is told.
@Timeout(60)
final class HealthTest {
  private final FaultyStore store = new FaultyStore(new MemoryBlockStore());

  private String ask(HttpDoor door, String request) throws IOException {
    try (RawClient client = new RawClient(door.address())) {
      client.send(request + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      RawClient.Answer answer = client.answer();
      return answer.status() + " " + answer.text();
    }
  }

  @Test
  void readinessFallsWithTheStoreButLifeGoesOnAndAllIsCounted() throws Exception {
    SampleBlock block = SampleBlock.of(BlockSize.KIB_1, 1);
    String get = "GET /uri-res/N2R?" + block.reference().toUrn();
    var settings = HttpSettings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    try (var blocks = new BlockService(store, StoreLimits.DEFAULT);
        var door = new HttpDoor(settings, blocks, Gates.withoutAccounts(), ServerLog.SILENT)) {
      assertThat(ask(door, "GET /readyz")).isEqualTo("200 ok\n");
      assertThat(ask(door, get)).startsWith("404");
      blocks.put(block.bytes());
      ask(door, get);
      ask(door, get);
      assertThat(ask(door, "GET /metrics"))
          .contains("eris_blocks_got_total{from=\"memory\"} 1\n")
          .contains("eris_blocks_got_total{from=\"store\"} 1\n")
          .contains("eris_blocks_got_total{from=\"nowhere\"} 1\n")
          .contains("eris_blocks_put_total 1\n")
          .contains("eris_store_failures_total 0\n")
          .doesNotContain(block.reference().toString());

      store.breakDown();
      assertThat(ask(door, "GET /uri-res/N2R?urn:blake2b:" + "A".repeat(52))).startsWith("500");
      assertThat(ask(door, "GET /readyz")).isEqualTo("503 the store failed\n");
      assertThat(ask(door, "GET /livez")).isEqualTo("200 ok\n");
      assertThat(ask(door, "POST /livez")).isEqualTo("405 this path takes GET, HEAD\n");
    }
  }
}
