package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import eris.server.access.Gates;
import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.testkit.SampleBlock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A store that answers late: whoever does not need it notices nothing, whoever does is told when there
/// is no room to wait, and all is answered once it answers.
@Timeout(60)
final class LateStoreTest {
  private static final int THREADS = 2;
  private static final int WAITING = 6;

  private final CountDownLatch wakes = new CountDownLatch(1);
  private final SampleBlock cached = SampleBlock.of(BlockSize.KIB_1, 1);
  private final Late store = new Late(new MemoryBlockStore());

  private final class Late implements BlockStore {
    private final BlockStore inner;
    private volatile boolean late;

    Late(BlockStore inner) {
      this.inner = inner;
    }

    private void pause() {
      try {
        if (late) {
          wakes.await();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public Optional<MemorySegment> get(Reference reference, MemorySegment target)
        throws IOException {
      pause();
      return inner.get(reference, target);
    }

    @Override
    public void put(Reference reference, MemorySegment block) throws IOException {
      pause();
      inner.put(reference, block);
    }

    @Override
    public boolean contains(Reference reference) throws IOException {
      return inner.contains(reference);
    }

    @Override
    public void sync() throws IOException {
      inner.sync();
    }

    @Override
    public void close() throws IOException {
      inner.close();
    }
  }

  @Test
  void othersAreServedAndThoseWhoWaitAreAnsweredInTheEnd() throws Exception {
    var settings = HttpSettings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    List<RawClient> waiting = new ArrayList<>();
    try (var blocks = new BlockService(store, new StoreLimits(THREADS, WAITING, 1 << 20));
        var door = new HttpDoor(settings, blocks, Gates.withoutAccounts(), ServerLog.SILENT)) {
      blocks.put(cached.bytes());
      assertThat(status(door, get(cached))).isEqualTo(200);
      store.late = true;
      for (int i = 0; i < THREADS + WAITING; i++) {
        waiting.add(new RawClient(door.address()));
        waiting.getLast().send(put(i));
      }
      while (blocks.pending() < THREADS + WAITING) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      assertThat(status(door, get(cached))).isEqualTo(200);
      assertThat(status(door, get(SampleBlock.of(BlockSize.KIB_1, 99)))).isEqualTo(503);
      assertThat(status(door, put(98))).isEqualTo(503);
      assertThat(status(door, "GET /livez" + HttpDoorFixture.HOST + "\r\n")).isEqualTo(200);
      assertThat(status(door, "GET /metrics" + HttpDoorFixture.HOST + "\r\n")).isEqualTo(200);
      assertThat(blocks.counts().overloaded()).isGreaterThanOrEqualTo(2);

      wakes.countDown();
      for (RawClient client : waiting) {
        assertThat(client.answer().status()).isEqualTo(200);
        client.close();
      }
      assertThat(status(door, get(SampleBlock.of(BlockSize.KIB_1, 3)))).isEqualTo(200);
      assertThat(blocks.pending()).isZero();
    }
  }

  private static String get(SampleBlock block) {
    return HttpDoorFixture.get(block);
  }

  /// A put with its body in it, one byte a character.
  private static String put(long number) {
    byte[] block = HttpDoorFixture.bytes(SampleBlock.of(BlockSize.KIB_1, number).bytes());
    return "PUT /uri-res/N2R?urn:blake2b:%sContent-Length: 1024\r\n\r\n%s"
        .formatted(HttpDoorFixture.HOST, new String(block, StandardCharsets.ISO_8859_1));
  }

  private static int status(HttpDoor door, String request) throws IOException {
    try (var client = new RawClient(door.address())) {
      client.send(request);
      return client.answer().status();
    }
  }
}
