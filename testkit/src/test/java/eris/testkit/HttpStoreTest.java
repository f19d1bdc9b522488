package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Decoder;
import eris.codec.Finding;
import eris.codec.TreeWalk;
import eris.store.BlockBatch;
import eris.store.StoreException;
import eris.stores.HttpStore;
import eris.stores.Right;
import eris.stores.StoreUrl;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What a client gets from a server, honest or not.
final class HttpStoreTest extends HttpStoreFixture {
  private static final long MAX_BYTES_SENT = 2 << 20; // the block and what sockets may hold

  @ParameterizedTest
  @EnumSource
  void heldBlockIsGiven(BlockSize size) throws IOException {
    byte[] block = bytes(size);
    Reference reference = hold(block);
    assertThat(store.get(reference, target))
        .hasValueSatisfying(got -> assertThat(got.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(block));
    assertThat(store.contains(reference)).isTrue();
  }

  @Test
  void unknownBlockIsNotHeld() throws IOException {
    Reference unknown = new Reference(1, 2, 3, 4);
    assertThat(store.get(unknown, target)).isEmpty();
    assertThat(store.contains(unknown)).isFalse();
  }

  @Test
  void connectionIsUsedAgain() throws IOException {
    Reference reference = hold(bytes(BlockSize.KIB_32));
    for (int i = 0; i < 5; i++) {
      assertThat(store.get(reference, target)).isPresent();
      assertThat(store.get(new Reference(1, 2, 3, 4), target)).isEmpty();
      assertThat(store.contains(reference)).isTrue();
    }
    assertThat(server.requests()).isEqualTo(15);
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void prefixGoesBeforeThePath() throws IOException {
    Reference reference = hold(bytes(BlockSize.KIB_1));
    var elsewhere =
        new StoreUrl.Http(URI.create(server.url().base() + "/prefix"), Set.of(Right.GET));
    try (var prefixed = new HttpStore(elsewhere)) {
      assertThat(prefixed.get(reference, target)).isEmpty(); // the server has none
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SHORT_BODY, holds 512 bytes",
    "WRONG_BODY, does not hash to its reference",
    "HUGE_BODY, holds more than 32768 bytes",
    "ENDLESS_BODY, holds more than 32768 bytes",
    "ENDLESS_CHUNKS, holds more than 32768 bytes",
  })
  void wrongBodyIsACorruptBlock(Misbehaviour how, String detail) throws IOException {
    Reference reference = hold(bytes(BlockSize.KIB_1));
    server.misbehave(how);
    assertThatExceptionOfType(CorruptBlock.class)
        .isThrownBy(() -> store.get(reference, target))
        .satisfies(e -> assertThat(e.reference()).isEqualTo(reference))
        .satisfies(e -> assertThat(e.detail()).startsWith(detail));
    assertThat(server.bytesSent()).isLessThan(MAX_BYTES_SENT);
  }

  @ParameterizedTest
  @CsvSource({
    "SAYS_GZIP, SERVER answers in a content coding",
    "REDIRECTS, SERVER redirects",
    "FAILS, SERVER answers 500",
    "CLOSES_IN_BODY, the connection to SERVER broke",
    "ENDLESS_HEADERS, SERVER does not speak http",
    "TALKS_GARBAGE, SERVER does not speak http",
  })
  void uselessAnswerIsAFailureThatNamesTheServer(Misbehaviour how, String line) throws IOException {
    Reference reference = hold(bytes(BlockSize.KIB_1));
    server.misbehave(how);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> store.get(reference, target))
        .isNotInstanceOfAny(StoreException.class, CorruptBlock.class)
        .withMessageStartingWith(line.replace("SERVER", server.url().toString()))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("SECRET", "blake2b", "\n"));
    assertThat(server.bytesSent()).isLessThan(MAX_BYTES_SENT);
  }

  @ParameterizedTest
  @CsvSource({"WANTS_CREDENTIALS, 401: it wants a token", "FORBIDS, 403"})
  void refusalIsTold(Misbehaviour how, String status) throws IOException {
    Reference reference = hold(bytes(BlockSize.KIB_1));
    server.misbehave(how);
    String line = "store %s refused: status %s".formatted(server.url(), status);
    assertThatExceptionOfType(StoreException.Refused.class)
        .isThrownBy(() -> store.get(reference, target))
        .withMessage(line);
    assertThatExceptionOfType(StoreException.Refused.class)
        .isThrownBy(() -> store.contains(reference))
        .withMessage(line);
  }

  @ParameterizedTest
  @EnumSource(names = {"NEVER_ANSWERS", "STALLS_IN_BODY"})
  void answerThatDoesNotEndIsNotWaitedFor(Misbehaviour how) throws IOException {
    Reference reference = hold(bytes(BlockSize.KIB_32));
    server.misbehave(how);
    try (var hasty = new HttpStore(server.url(), SHORT)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> hasty.get(reference, target))
          .withMessage("no answer from %s within 300 ms", server.url());
    }
  }

  @Test
  void endlessErrorPageIsNotRead() throws IOException {
    Reference reference = hold(bytes(BlockSize.KIB_1));
    server.misbehave(Misbehaviour.ENDLESS_NOT_FOUND);
    assertThat(store.get(reference, target)).isEmpty();
    assertThat(server.bytesSent()).isLessThan(MAX_BYTES_SENT);
  }

  @Test
  void refusedConnectionNamesTheServer() throws IOException {
    server.close();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> store.get(new Reference(1, 2, 3, 4), target))
        .withMessage("cannot connect to %s", server.url());
  }

  @Test
  void unknownHostIsNamed() throws Exception {
    StoreUrl.Http url = (StoreUrl.Http) StoreUrl.parse("http://nowhere.invalid");
    try (var nowhere = new HttpStore(url)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> nowhere.contains(new Reference(1, 2, 3, 4)))
          .withMessage("cannot connect to http://nowhere.invalid:80");
    }
  }

  @Test
  void serverWithoutTlsIsNoSecureServer() throws IOException {
    try (var plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAll(plain, "HTTP/1.1 400 Bad Request\r\n\r\n"));
      URI base = URI.create("https://127.0.0.1:" + plain.getLocalPort());
      try (var secure = new HttpStore(new StoreUrl.Http(base, Set.of(Right.GET)))) {
        assertThatExceptionOfType(IOException.class)
            .isThrownBy(() -> secure.contains(new Reference(1, 2, 3, 4)))
            .withMessage("no secure connection to %s", base);
      }
    }
  }

  /// Answers every connection in plain text, whatever was asked, until the server is closed. The
  /// client tries more than once.
  private static void answerAll(ServerSocket server, String answer) {
    try {
      while (true) {
        try (Socket socket = server.accept()) {
          socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
          socket.getInputStream().readAllBytes(); // until the client hangs up
        }
      }
    } catch (IOException e) {
      assertThat(server.isClosed()).isTrue();
    }
  }

  @Test
  void connectionThatIsNotAcceptedIsNotWaitedFor() throws IOException {
    List<Socket> waiting = new ArrayList<>();
    try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      fillBacklog(deaf, waiting);
      URI base = URI.create("http://127.0.0.1:" + deaf.getLocalPort());
      var limits = new HttpStore.Limits(Duration.ofMillis(200), Duration.ofSeconds(30));
      try (var hasty = new HttpStore(new StoreUrl.Http(base, Set.of(Right.GET)), limits)) {
        assertThatExceptionOfType(IOException.class)
            .isThrownBy(() -> hasty.contains(new Reference(1, 2, 3, 4)))
            .withMessage("no connection to %s within 200 ms", base);
      }
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  private static void fillBacklog(ServerSocket deaf, List<Socket> waiting) throws IOException {
    for (int i = 0; i < 16; i++) {
      var socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(deaf.getLocalSocketAddress(), 100);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
    throw new IllegalStateException("the backlog has no end");
  }

  @Test
  void waitingThreadCanBeInterrupted() throws Exception {
    Reference reference = hold(bytes(BlockSize.KIB_1));
    server.misbehave(Misbehaviour.NEVER_ANSWERS);
    var outcome = new CompletableFuture<Throwable>();
    Thread reader = Thread.ofVirtual().start(() -> readUntilFailure(reference, outcome));
    server.awaitRequests(1);
    reader.interrupt();
    assertThat(outcome.get())
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("interrupted while waiting for %s", server.url());
  }

  @Test
  void threadThatWaitsForManyBlocksCanBeInterrupted() throws Exception {
    BlockBatch batch = batch(20, BlockSize.KIB_1, Arena.ofAuto());
    server.misbehave(Misbehaviour.NEVER_ANSWERS);
    var outcome = new CompletableFuture<Throwable>();
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    store.getAll(batch);
                  } catch (IOException e) {
                    outcome.complete(e);
                  }
                });
    server.awaitRequests(16);
    reader.interrupt();
    assertThat(outcome.get()).isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void closingEndsWhatIsUnderWay() throws Exception {
    Reference reference = hold(bytes(BlockSize.KIB_1));
    server.misbehave(Misbehaviour.NEVER_ANSWERS);
    var outcome = new CompletableFuture<Throwable>();
    Thread.ofVirtual().start(() -> readUntilFailure(reference, outcome));
    server.awaitRequests(1);
    store.close();
    assertThat(outcome.get()).hasMessage("the connection to %s broke", server.url());
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> store.contains(reference))
        .withMessage("the client of %s is closed", server.url());
  }

  private void readUntilFailure(Reference reference, CompletableFuture<Throwable> outcome) {
    try {
      store.get(reference, target);
    } catch (IOException e) {
      outcome.complete(e);
    }
  }

  @Test
  void manyBlocksAreFetchedSixteenAtATime() throws IOException {
    server.gather(16);
    try (var arena = Arena.ofConfined()) {
      BlockBatch batch = batch(40, BlockSize.KIB_32, arena);
      batch.blocks().fill((byte) 0);
      assertThat(store.getAll(batch).cardinality()).isEqualTo(40);
      for (int i = 0; i < batch.count(); i++) {
        assertThat(Reference.of(batch.block(i))).isEqualTo(batch.reference(i));
      }
    }
    assertThat(server.mostWaiting()).isEqualTo(16);
    assertThat(server.connections()).isLessThanOrEqualTo(16);
    assertThat(server.requests()).isEqualTo(40);
  }

  @Test
  void repeatedBlockIsFetchedOnce() throws IOException {
    BlockBatch batch = batch(3, BlockSize.KIB_1, Arena.ofAuto());
    batch.reference(0).writeTo(batch.references(), 2 * Reference.BYTES);
    assertThat(store.getAll(batch).cardinality()).isEqualTo(3);
    assertThat(server.requests()).isEqualTo(2);
    assertThat(batch.block(2).mismatch(batch.block(0))).isEqualTo(-1);
  }

  @Test
  void manyBlocksLeaveOutWhatIsMissingOrOfAnotherSize() throws IOException {
    BlockBatch batch = batch(4, BlockSize.KIB_32, Arena.ofAuto());
    new Reference(1, 2, 3, 4).writeTo(batch.references(), 0);
    hold(bytes(BlockSize.KIB_1)).writeTo(batch.references(), 2 * Reference.BYTES);
    assertThat(store.getAll(batch).stream()).containsExactly(1, 3);
  }

  @Test
  void manyBlocksLeaveOutWhatIsCorruptOrUnknown() throws IOException {
    BlockBatch batch = batch(4, BlockSize.KIB_1, Arena.ofAuto());
    server.misbehave(Misbehaviour.WRONG_BODY);
    assertThat(store.getAll(batch).cardinality()).isZero();
    server.misbehave(Misbehaviour.FAILS);
    assertThat(store.getAll(batch).cardinality()).isZero();
  }

  @Test
  void clientOfTheJdkStartsWithTheFirstRequest() throws IOException {
    long before = selectors();
    try (var another = new HttpStore(server.url())) {
      assertThat(selectors()).isLessThanOrEqualTo(before);
      another.contains(new Reference(1, 2, 3, 4));
      assertThat(selectors()).isPositive();
    }
  }

  private static long selectors() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("SelectorManager"))
        .count();
  }

  @Test
  void bombIsOpenedWithSixRequests() throws IOException {
    ReadCapability bomb = RepeatedTree.bomb(held);
    try (Decoder decoder = Decoder.open(store, bomb)) {
      assertThat(decoder.size()).isEqualTo((1L << 60) - 1);
    }
    assertThat(server.requests()).isLessThanOrEqualTo(6);
  }

  @Test
  void bombIsWalkedWithSixRequests() throws IOException {
    ReadCapability bomb = RepeatedTree.bomb(held);
    List<Finding> findings = new ArrayList<>();
    long read =
        TreeWalk.walk(
            store,
            bomb,
            new TreeWalk.Visitor() {
              @Override
              public void finding(Finding finding) {
                findings.add(finding);
              }
            });
    assertThat(findings).isEmpty();
    assertThat(read).isEqualTo(6);
    assertThat(server.requests()).isLessThanOrEqualTo(6);
  }

  /// The references of as many held blocks, and room for them.
  private BlockBatch batch(int count, BlockSize size, Arena arena) {
    MemorySegment references = arena.allocate((long) count * Reference.BYTES);
    for (int i = 0; i < count; i++) {
      hold(bytes(size)).writeTo(references, (long) i * Reference.BYTES);
    }
    return new BlockBatch(size, arena.allocate((long) count * size.bytes()), references);
  }
}
