package eris.server.http;

import eris.BlockSize;
import eris.server.access.Gates;
import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.HttpSettings.Put;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.testkit.FaultyStore;
import eris.testkit.SampleBlock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// A door before a store of two blocks.
@Timeout(60)
abstract class HttpDoorFixture {
  static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";
  final FaultyStore store = new FaultyStore(new MemoryBlockStore());
  final SampleBlock small = SampleBlock.of(BlockSize.KIB_1, 1);
  final SampleBlock large = SampleBlock.of(BlockSize.KIB_32, 1);
  BlockService blocks = new BlockService(store, StoreLimits.DEFAULT);
  HttpDoor door;

  @BeforeEach
  void open() throws IOException {
    door =
        new HttpDoor(
            settings(Put.ON, HttpLimits.DEFAULT),
            blocks,
            Gates.withoutAccounts(),
            ServerLog.SILENT);
    store.put(small.reference(), small.bytes());
    store.put(large.reference(), large.bytes());
  }

  @AfterEach
  void close() {
    door.close();
    blocks.close();
  }

  /// Opens the door to another store.
  void serve(BlockStore other, StoreLimits limits) throws IOException {
    close();
    blocks = new BlockService(other, limits);
    door =
        new HttpDoor(
            settings(Put.ON, HttpLimits.DEFAULT),
            blocks,
            Gates.withoutAccounts(),
            ServerLog.SILENT);
  }

  static HttpSettings settings(Put put, HttpLimits limits) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new HttpSettings(address, put, Set.of("blocks.example"), 1, limits);
  }

  /// Waits until of all clients before nothing is held.
  void awaitNothingHeld() throws IOException {
    String metrics;
    do {
      metrics = ask("GET /metrics" + HOST + "\r\n").text();
    } while (!metrics.contains("eris_http_connections 1\n") // the one that asks
        || !metrics.contains("eris_http_body_bytes 0\n")
        || !metrics.contains("eris_store_pending 0\n"));
  }

  RawClient connect() throws IOException {
    return new RawClient(door.address());
  }

  RawClient.Answer ask(String request) throws IOException {
    try (RawClient client = connect()) {
      client.send(request);
      return client.answer();
    }
  }

  static String get(SampleBlock block) {
    return "GET /uri-res/N2R?" + block.reference().toUrn() + HOST + "\r\n";
  }

  static byte[] bytes(MemorySegment block) {
    return block.toArray(ValueLayout.JAVA_BYTE);
  }

  RawClient.Answer put(String urn, byte[] body) throws IOException {
    try (RawClient client = connect()) {
      client.send("PUT /uri-res/N2R?" + urn + HOST + "Content-Length: " + body.length + "\r\n\r\n");
      client.send(body);
      return client.answer();
    }
  }
}
