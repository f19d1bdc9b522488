package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.server.access.Gates;
import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.HttpSettings.Put;
import eris.server.config.HttpSettings.StreamLimits;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.store.MemoryBlockStore;
import eris.stores.daemon.SyncConnection;
import eris.stores.sync.Direction;
import eris.stores.sync.Initiator;
import eris.stores.sync.SyncListener;
import eris.stores.sync.SyncedStore;
import eris.testkit.SampleBlock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sessions over HTTP, byte by byte, and with peers that do not keep to them.
@Timeout(60)
final class SyncDoorTest {
  private static final String UPGRADE =
      "GET /eris/v1/sync"
          + HttpDoorFixture.HOST
          + "Connection: keep-alive, Upgrade\r\nUpgrade: eris-sync\r\n\r\n";
  private static final String SALT = "000102030405060708090a0b0c0d0e0f";
  private static final String HELLO = "4552535901" + "01" + SALT + "0000";
  private static final String NOTHING = "00".repeat(8 + 16);

  private final MemoryBlockStore store = new MemoryBlockStore();
  private final BlockService blocks = new BlockService(store, StoreLimits.DEFAULT);
  private HttpDoor door;

  @BeforeEach
  void open() throws IOException {
    open(StreamLimits.DEFAULT);
  }

  private void open(StreamLimits streams) throws IOException {
    HttpLimits usual = HttpLimits.DEFAULT;
    var limits =
        new HttpLimits(
            usual.connections(),
            usual.bodyBytes(),
            usual.requestHead(),
            usual.body(),
            usual.idle(),
            streams);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var settings = new HttpSettings(address, Put.ON, Set.of(), 1, limits);
    door = new HttpDoor(settings, blocks, Gates.withoutAccounts(), ServerLog.SILENT);
  }

  @AfterEach
  void close() {
    door.close();
    blocks.close();
  }

  private RawClient begin() throws IOException {
    var client = new RawClient(door.address());
    client.send(UPGRADE);
    RawClient.Answer answer = client.head();
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.headers())
        .containsEntry("upgrade", "eris-sync")
        .containsEntry("connection", "upgrade")
        .doesNotContainKeys("content-length", "transfer-encoding");
    return client;
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static String read(RawClient client, int count) throws IOException {
    return HexFormat.of().formatHex(client.bytes(count));
  }

  @Test
  void equalStoresPartAfterTheGreeting() throws IOException {
    try (RawClient client = begin()) {
      client.send(hex(HELLO + NOTHING));
      assertThat(read(client, 48)).isEqualTo(HELLO + NOTHING);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void bytesMaySplitAnywhere() throws IOException {
    try (RawClient client = begin()) {
      for (byte each : hex(HELLO + NOTHING)) {
        client.send(new byte[] {each});
      }
      assertThat(read(client, 48)).isEqualTo(HELLO + NOTHING);
    }
  }

  @Test
  void whatIsNoSessionIsToldSo() throws IOException {
    try (RawClient client = begin()) {
      client.send("GET / HTTP/1.1\r\n\r\n");
      assertThat(read(client, 2)).isEqualTo("0801"); // FAILED, not understood
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void silentPeersAreCutAndLeaveTheirPlace() throws Exception {
    door.close();
    open(new StreamLimits(2, Duration.ofMillis(500), Duration.ofMillis(500)));
    try (RawClient first = begin();
        RawClient second = begin()) {
      try (var third = new RawClient(door.address())) {
        third.send(UPGRADE);
        assertThat(third.answer().status()).isEqualTo(503);
      }
      second.send(hex(HELLO));
      for (RawClient each : List.of(first, second)) {
        assertThat(read(each, 2)).isEqualTo("0800"); // FAILED
        assertThat(each.isClosed()).isTrue();
      }
    }
    begin().close();
  }

  /// What came whole before a connection broke is kept, and the next session goes on.
  @Test
  void aPushThatBreaksOffIsGoneOnWith() throws Exception {
    var local = new MemoryBlockStore();
    for (SampleBlock block : SampleBlock.list(BlockSize.KIB_1, 20_000)) {
      local.put(block.reference(), block.bytes());
    }
    URI base = URI.create("http://127.0.0.1:" + door.address().getPort());
    try (var connection = SyncConnection.open(base, Optional.empty());
        var initiator =
            new Initiator(
                new SyncedStore(local, local, cuttingAfter(18_000, connection)),
                Set.of(Direction.PUSH),
                new Random(1),
                connection.in(),
                connection.out())) {
      assertThatThrownBy(initiator::run).isInstanceOf(IOException.class);
    }
    while (door.openStreams() > 0) {
      Thread.sleep(5);
    }
    int kept = store.count();
    assertThat(kept).isBetween(16_000, 18_000);
    try (var connection = SyncConnection.open(base, Optional.empty());
        var initiator =
            new Initiator(
                new SyncedStore(local, local, cuttingAfter(Integer.MAX_VALUE, connection)),
                Set.of(Direction.PUSH),
                new Random(2),
                connection.in(),
                connection.out())) {
      assertThat(initiator.run().sentBlocks()).isEqualTo(20_000 - kept);
    }
    assertThat(store.count()).isEqualTo(20_000);
  }

  private static SyncListener cuttingAfter(int count, SyncConnection connection) {
    return new SyncListener() {
      private int sent;

      @Override
      public void sent(BlockSize size) {
        sent++;
        if (sent == count) {
          try {
            connection.close();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        }
      }

      @Override
      public void received(BlockSize size) {}

      @Override
      public void corrupt(CorruptBlock corrupt) {}
    };
  }

  @Test
  void olderHttpKnowsNoUpgrade() throws IOException {
    try (var client = new RawClient(door.address())) {
      client.send(UPGRADE.replace("HTTP/1.1", "HTTP/1.0"));
      assertThat(client.answer().status()).isEqualTo(426);
    }
  }

  @Test
  void pagesOfOthersBeginNoSession() throws IOException {
    try (var client = new RawClient(door.address())) {
      client.send(UPGRADE.replace("Connection:", "Origin: https://evil.example\r\nConnection:"));
      assertThat(client.answer().status()).isEqualTo(403);
    }
  }
}
