package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.Reference;
import eris.server.access.AccessList;
import eris.server.access.Account;
import eris.server.access.Budgets;
import eris.server.access.Gate;
import eris.server.access.Permission;
import eris.server.access.TokenEntry;
import eris.server.access.UsageFile;
import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.HttpSettings.Put;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.store.StoreException;
import eris.stores.AccessToken;
import eris.stores.Clock;
import eris.stores.WholeFile;
import eris.stores.batch.BatchWriter;
import eris.stores.daemon.DaemonStore;
import eris.stores.daemon.SyncConnection;
import eris.stores.sync.Direction;
import eris.stores.sync.Initiator;
import eris.stores.sync.SyncListener;
import eris.stores.sync.SyncResult;
import eris.stores.sync.SyncedStore;
import eris.testkit.SampleBlock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who may do what with many blocks, where all but the owner of the store need a token.
@Timeout(60)
final class BatchAccessTest {
  private static final AccessToken PUT = AccessToken.generate(new Random(1));
  private static final AccessToken SYNC = AccessToken.generate(new Random(2));
  private static final AccessToken BOTH = AccessToken.generate(new Random(3));
  private static final AccessToken SLOW = AccessToken.generate(new Random(4));
  private static final AccessToken VERY_SLOW = AccessToken.generate(new Random(5));
  private static final AccessToken SMALL = AccessToken.generate(new Random(6));
  private static final AccessList LIST =
      AccessList.EMPTY
          .with(new Account("alice", OptionalLong.empty(), OptionalLong.empty()))
          .with(new Account("bob", OptionalLong.empty(), OptionalLong.of(4096)))
          .with(new Account("carl", OptionalLong.empty(), OptionalLong.of(10)))
          .with(new Account("dora", OptionalLong.of(10 * 1024), OptionalLong.empty()))
          .with(TokenEntry.of(PUT, "alice", Set.of(Permission.PUT), ""))
          .with(TokenEntry.of(SYNC, "alice", Set.of(Permission.SYNC), ""))
          .with(TokenEntry.of(BOTH, "alice", Set.of(Permission.SYNC, Permission.PUT), ""))
          .with(TokenEntry.of(SLOW, "bob", Set.of(Permission.PUT), ""))
          .with(TokenEntry.of(VERY_SLOW, "carl", Set.of(Permission.PUT), ""))
          .with(TokenEntry.of(SMALL, "dora", Set.of(Permission.SYNC, Permission.PUT), ""));

  @TempDir Path home;
  private final MemoryBlockStore store = new MemoryBlockStore();
  private final BlockService blocks = new BlockService(store, StoreLimits.DEFAULT);
  private Gate gate;
  private HttpDoor door;

  @BeforeEach
  void open() throws IOException {
    gate =
        new Gate(
            LIST,
            new Budgets(new UsageFile(WholeFile.ofOwner(home.resolve("usage"))), Clock.SYSTEM));
    door = new HttpDoor(settings(Put.TOKEN), blocks, gate, ServerLog.SILENT);
  }

  @AfterEach
  void close() {
    door.close();
    blocks.close();
  }

  private static HttpSettings settings(Put put) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new HttpSettings(address, put, Set.of(), 1, HttpLimits.DEFAULT);
  }

  private RawClient.Answer post(String path, byte[] body, AccessToken... shown) throws IOException {
    var head = new StringBuilder("POST /eris/v1/" + path + HttpDoorFixture.HOST);
    for (AccessToken token : shown) {
      head.append("Authorization: Bearer ").append(token.reveal()).append("\r\n");
    }
    try (RawClient client = new RawClient(door.address())) {
      client.send(head.append("Content-Length: " + body.length + "\r\n\r\n").toString());
      client.send(body);
      return client.answer();
    }
  }

  private static byte[] blocks(int count) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var writer = new BatchWriter(bytes);
    for (SampleBlock block : SampleBlock.list(BlockSize.KIB_1, count)) {
      writer.block(block.reference(), block.bytes());
    }
    writer.end();
    return bytes.toByteArray();
  }

  private static byte[] reference() throws IOException {
    MemorySegment one = MemorySegment.ofArray(new byte[Reference.BYTES]);
    SampleBlock.of(BlockSize.KIB_1, 0).reference().writeTo(one, 0);
    var bytes = new ByteArrayOutputStream();
    var writer = new BatchWriter(bytes);
    writer.bytes(one);
    writer.end();
    return bytes.toByteArray();
  }

  @Test
  void eachRequestTakesItsOwnToken() throws IOException {
    assertThat(post("have", reference()).status()).isEqualTo(401);
    assertThat(post("have", reference(), PUT).status()).isEqualTo(403);
    assertThat(post("have", reference(), SYNC).status()).isEqualTo(200);
    assertThat(post("fetch", reference()).status()).isEqualTo(200); // as for single blocks
    assertThat(post("blocks", blocks(1)).status()).isEqualTo(401);
    assertThat(post("blocks", blocks(1), SYNC).status()).isEqualTo(403);
    assertThat(store.count()).isZero();
    assertThat(post("blocks", blocks(1), PUT).status()).isEqualTo(200);
    assertThat(store.count()).isEqualTo(1);
  }

  @Test
  void aQuotaIsUsedUpExactly() throws IOException {
    RawClient.Answer answer = post("blocks", blocks(12), SMALL);
    if (answer.status() == 200) { // after an acknowledgement
      assertThat(answer.body())
          .endsWith("equota".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    } else {
      assertThat(answer.status()).isEqualTo(507);
      assertThat(answer.text()).isEqualTo("the quota of the account is used up\n");
    }
    assertThat(store.count()).isEqualTo(10);
    assertThat(post("blocks", blocks(1), SMALL).status()).isEqualTo(507);
  }

  @Test
  void aRateIsWaitedForUnlessItTakesTooLong() throws IOException {
    long begin = System.nanoTime();
    assertThat(post("blocks", blocks(50), SLOW).status()).isEqualTo(200);
    assertThat(System.nanoTime() - begin).isGreaterThan(2_000_000_000L); // 10 s were free
    RawClient.Answer answer = post("blocks", blocks(2), VERY_SLOW);
    assertThat(answer.status() == 429 || answer.text().endsWith("drate")).isTrue();
  }

  private SyncResult run(MemoryBlockStore local, Set<Direction> directions, AccessToken... shown)
      throws IOException {
    URI base = URI.create("http://localhost:" + door.address().getPort());
    try (var connection =
            SyncConnection.open(
                base, shown.length == 0 ? Optional.empty() : Optional.of(shown[0]));
        var initiator =
            new Initiator(
                new SyncedStore(local, local, new Silent()),
                directions,
                new Random(1),
                connection.in(),
                connection.out())) {
      return initiator.run();
    }
  }

  private static final class Silent implements SyncListener {
    @Override
    public void sent(BlockSize size) {}

    @Override
    public void received(BlockSize size) {}

    @Override
    public void corrupt(eris.ErisException.CorruptBlock corrupt) {}
  }

  private static MemoryBlockStore holding(int first, int count) {
    var local = new MemoryBlockStore();
    for (int i = first; i < first + count; i++) {
      var block = SampleBlock.of(i % 7 == 0 ? BlockSize.KIB_32 : BlockSize.KIB_1, i);
      local.put(block.reference(), block.bytes());
    }
    return local;
  }

  @Test
  void aSessionMovesWhatEitherSideLacks() throws IOException {
    MemoryBlockStore local = holding(0, 3000);
    holding(1000, 3000).forEach(Reference.LEAST, (reference, _) -> copy(reference));
    SyncResult both = run(local, EnumSet.allOf(Direction.class), BOTH);
    assertThat(both.sentBlocks()).isEqualTo(1000);
    assertThat(both.receivedBlocks()).isEqualTo(1000);
    assertThat(local.count()).isEqualTo(4000);
    assertThat(store.count()).isEqualTo(4000);
    SyncResult again = run(local, EnumSet.allOf(Direction.class), BOTH);
    assertThat(again.roundTrips()).isEqualTo(1);
    assertThat(again.sentBytes() + again.receivedBytes()).isEqualTo(96);
  }

  private final MemoryBlockStore all = holding(0, 4000);

  private void copy(Reference reference) {
    MemorySegment block =
        all.get(reference, MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES])).orElseThrow();
    store.put(reference, block);
  }

  @Test
  void sessionsGoAsFarAsTheTokenDoes() throws IOException {
    MemoryBlockStore local = holding(0, 10);
    assertThatThrownBy(() -> run(local, Set.of(Direction.PULL)))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining("status 401");
    assertThatThrownBy(() -> run(local, Set.of(Direction.PUSH), PUT))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining("status 403");
    assertThatThrownBy(() -> run(local, Set.of(Direction.PUSH), SYNC))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining("it grants []");
    assertThat(run(local, Set.of(Direction.PULL), SYNC).receivedBlocks()).isZero();
    assertThat(run(local, Set.of(Direction.PUSH), BOTH).sentBlocks()).isEqualTo(10);
    door.apply(settings(Put.OFF));
    assertThatThrownBy(() -> run(holding(20, 1), Set.of(Direction.PUSH), BOTH))
        .isInstanceOf(StoreException.Refused.class);
  }

  @Test
  void aSessionEndsWithTheQuota() throws IOException {
    var local = new MemoryBlockStore();
    for (SampleBlock block : SampleBlock.list(BlockSize.KIB_1, 12)) {
      local.put(block.reference(), block.bytes());
    }
    assertThatThrownBy(() -> run(local, Set.of(Direction.PUSH), SMALL))
        .isInstanceOf(StoreException.Full.class);
    assertThat(store.count()).isEqualTo(10);
  }

  @Test
  void aClosingDoorEndsSessions() throws Exception {
    URI base = URI.create("http://localhost:" + door.address().getPort());
    try (var connection = SyncConnection.open(base, Optional.of(SYNC))) {
      long begin = System.nanoTime();
      door.close(java.time.Duration.ofSeconds(3));
      assertThat(System.nanoTime() - begin).isLessThan(3_000_000_000L);
      assertThat(connection.in().read()).isEqualTo(8); // FAILED
      assertThat(connection.in().read()).isEqualTo(0);
      assertThat(connection.in().read()).isEqualTo(-1);
    }
  }

  /// What is put off for all others is the owner's to do.
  @Test
  void theOwnerNeedsNoToken() throws Exception {
    Path socket = home.resolve("socket");
    door.apply(settings(Put.OFF));
    door.listenForOwner(socket);
    assertThat(java.nio.file.Files.getPosixFilePermissions(socket)).hasSize(2);
    var block = SampleBlock.of(BlockSize.KIB_32, 1);
    try (BlockStore owners = new DaemonStore(socket, "s", () -> store)) {
      owners.put(block.reference(), block.bytes());
      assertThat(owners.contains(block.reference())).isTrue();
    }
    assertThat(store.count()).isEqualTo(1);
    door.close();
    assertThat(socket).doesNotExist();
    assertThat(List.of(store.count())).containsExactly(1);
  }
}
