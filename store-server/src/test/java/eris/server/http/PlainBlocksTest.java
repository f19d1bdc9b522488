package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import eris.server.config.StoreLimits;
import eris.store.BlockSource;
import eris.store.BlockStore;
import eris.testkit.SampleBlock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Blocks that are not in memory, asked for as most clients do.
class PlainBlocksTest extends HttpDoorFixture {
  private static final StoreLimits NO_CACHE = new StoreLimits(4, 1000, 0);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch answers = new CountDownLatch(1);

  @BeforeEach
  void serveWithoutCache() throws IOException {
    serve(new Waiting(store, asked, answers), NO_CACHE);
  }

  /// Tells when it is asked, and answers when it may.
  private record Waiting(BlockSource source, CountDownLatch asked, CountDownLatch answers)
      implements BlockStore {
    @Override
    public Optional<MemorySegment> get(Reference reference, MemorySegment target)
        throws IOException {
      asked.countDown();
      try {
        answers.await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
      return source.get(reference, target);
    }

    @Override
    public void put(Reference reference, MemorySegment block) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean contains(Reference reference) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void sync() {}

    @Override
    public void close() {}
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Expected(String request, int status, byte[] body) {
    static Expected line(String request, int status, String line) {
      return new Expected(request, status, (line + "\n").getBytes(StandardCharsets.US_ASCII));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverIsSentAheadIsAnsweredInOrder(long seed) throws Exception {
    answers.countDown();
    var random = new SplittableRandom(seed);
    SampleBlock corrupt = SampleBlock.of(BlockSize.KIB_1, 7);
    store.put(corrupt.reference(), corrupt.bytes());
    store.damage(corrupt.reference(), bytes -> new byte[bytes.length]);
    SampleBlock missing = SampleBlock.of(BlockSize.KIB_32, 8);
    List<Expected> possible =
        List.of(
            Expected.line(get(missing), 404, "there is no such block here"),
            Expected.line(get(corrupt), 500, "the block is corrupt"),
            Expected.line("GET /none" + HOST + "\r\n", 404, "there is nothing at this path"),
            new Expected(get(small), 200, bytes(small.bytes())),
            new Expected(get(small), 200, bytes(small.bytes())),
            new Expected(get(large), 200, bytes(large.bytes())),
            new Expected(get(large), 200, bytes(large.bytes())));
    List<Expected> all = new ArrayList<>();
    var requests = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      all.add(possible.get(random.nextInt(possible.size())));
      requests.append(all.getLast().request());
    }

    try (RawClient client = connect()) {
      int to;
      for (int from = 0; from < requests.length(); from = to) {
        to = Math.min(requests.length(), from + 1 + random.nextInt(4000));
        client.send(requests.substring(from, to));
      }
      for (Expected expected : all) {
        RawClient.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(expected.status());
        assertThat(answer.body()).isEqualTo(expected.body());
      }
    }
  }

  @Test
  void whoSaysNothingMoreStillGetsAllAnswers() throws Exception {
    try (RawClient client = connect()) {
      client.send(get(large) + get(small));
      asked.await();
      client.send(get(large));
      client.endSending();
      answers.countDown();
      assertThat(client.answer().body()).isEqualTo(bytes(large.bytes()));
      assertThat(client.answer().body()).isEqualTo(bytes(small.bytes()));
      assertThat(client.answer().body()).isEqualTo(bytes(large.bytes()));
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void whatIsLookedUpIsAnsweredBeforeTheDoorCloses() throws Exception {
    try (RawClient client = connect()) {
      client.send(get(small));
      asked.await();
      Thread closing = Thread.startVirtualThread(() -> door.close(Duration.ofSeconds(10)));
      answers.countDown();
      assertThat(client.answer().body()).isEqualTo(bytes(small.bytes()));
      assertThat(client.isClosed()).isTrue();
      closing.join();
    }
  }

  @Test
  void whoGoesMeanwhileDisturbsNobody() throws Exception {
    try (RawClient staying = connect()) {
      try (RawClient leaving = connect()) {
        leaving.send(get(large));
        asked.await();
      }
      staying.send(get(small));
      answers.countDown();
      assertThat(staying.answer().body()).isEqualTo(bytes(small.bytes()));
    }
  }
}
