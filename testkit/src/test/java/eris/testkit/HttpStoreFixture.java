package eris.testkit;

import eris.BlockSize;
import eris.Reference;
import eris.store.MemoryBlockStore;
import eris.stores.Clock;
import eris.stores.HttpStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// A client, and an honest server until it is told otherwise, on this machine.
@Timeout(60)
abstract class HttpStoreFixture {
  /// What no test has to wait for.
  static final HttpStore.Limits SHORT =
      new HttpStore.Limits(Duration.ofMillis(500), Duration.ofMillis(300));

  final Random random = new Random(7);
  final MemoryBlockStore held = new MemoryBlockStore();
  final MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
  final FakeClock clock = new FakeClock();
  BlockServer server;
  HttpStore store;

  /// Sleeps at once, and remembers how long.
  static final class FakeClock implements Clock {
    final List<Duration> pauses = new CopyOnWriteArrayList<>();

    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public void pause(Duration duration) {
      pauses.add(duration);
    }
  }

  @BeforeEach
  void start() throws IOException {
    server = BlockServer.of(held);
    store = new HttpStore(server.url(), HttpStore.Limits.DEFAULT, clock, random);
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
    server.close();
  }

  byte[] bytes(BlockSize size) {
    byte[] bytes = new byte[size.bytes()];
    random.nextBytes(bytes);
    return bytes;
  }

  Reference hold(byte[] block) {
    return hold(held, block);
  }

  static Reference hold(MemoryBlockStore store, byte[] block) {
    Reference reference = Reference.of(MemorySegment.ofArray(block));
    store.put(reference, MemorySegment.ofArray(block));
    return reference;
  }
}
