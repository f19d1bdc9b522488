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
import eris.store.MemoryBlockStore;
import eris.store.StoreException;
import eris.stores.Clock;
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
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class HttpStoreTest {
  private static final HttpStore.Limits SHORT =
      new HttpStore.Limits(Duration.ofMillis(500), Duration.ofMillis(300));
  private static final long MAX_BYTES_SENT = 2 << 20; // the block and what sockets may hold

  private final Random random = new Random(7);
  private final MemoryBlockStore held = new MemoryBlockStore();
  private final MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
  private final FakeClock clock = new FakeClock();
  private BlockServer server;
  private HttpStore store;

  /// Sleeps at once, and remembers how long.
  private static final class FakeClock implements Clock {
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();

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
  @CsvSource({"WANTS_CREDENTIALS, 401", "FORBIDS, 403"})
  void refusalIsTold(Misbehaviour how, int status) throws IOException {
    Reference reference = hold(bytes(BlockSize.KIB_1));
    server.misbehave(how);
    String line = "store %s refused: status %d".formatted(server.url(), status);
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

  @ParameterizedTest
  @EnumSource
  void blockIsPut(BlockSize size) throws IOException {
    MemorySegment block = MemorySegment.ofArray(bytes(size));
    Reference reference = Reference.of(block);
    store.put(reference, block);
    store.put(reference, block);
    store.sync();
    assertThat(held.get(reference, target))
        .hasValueSatisfying(put -> assertThat(put.mismatch(block)).isEqualTo(-1));
    assertThat(server.requests()).isEqualTo(2);
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void manyBlocksArePutSixteenAtATime() throws IOException {
    server.gather(16);
    try (var arena = Arena.ofConfined()) {
      BlockBatch batch = newBatch(100, BlockSize.KIB_32, arena);
      store.putAll(batch);
      assertThat(held.count()).isEqualTo(100);
      for (int i = 0; i < batch.count(); i++) {
        assertThat(held.contains(batch.reference(i))).isTrue();
      }
    }
    assertThat(server.mostWaiting()).isEqualTo(16);
    assertThat(server.connections()).isLessThanOrEqualTo(16);
    assertThat(server.requests()).isEqualTo(100);
  }

  @Test
  void anySuccessIsSuccess() throws IOException {
    server.misbehave(Misbehaviour.SAYS_CREATED);
    store.putAll(newBatch(3, BlockSize.KIB_1, Arena.ofAuto()));
    assertThat(server.requests()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IS_FULL|Full|store SERVER is full",
        "TAKES_NOTHING|ReadOnly|store SERVER is read-only",
        "TAKES_NOTHING_LARGE|Refused|store SERVER refused: a block of 1024 bytes is too large",
        "WANTS_CREDENTIALS|Refused|store SERVER refused: status 401",
        "FORBIDS|Refused|store SERVER refused: status 403",
        "FAILS|IOException|SERVER answers 500",
        "ENDLESS_NOT_FOUND|IOException|SERVER answers 404",
        "REDIRECTS|IOException|SERVER redirects, and that is not followed",
      })
  void putThatIsNotTakenSaysWhy(Misbehaviour how, String type, String line) {
    server.misbehave(how);
    BlockBatch batch = newBatch(40, BlockSize.KIB_1, Arena.ofAuto());
    String message = line.replace("SERVER", server.url().toString());
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> store.put(batch.reference(0), batch.block(0)))
        .withMessage(message)
        .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(type));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> store.putAll(batch))
        .withMessage(message);
    assertThat(held.count()).isZero();
    assertThat(clock.pauses).isEmpty();
  }

  @Test
  void serverRefusesABlockOfAnotherName() {
    MemorySegment block = MemorySegment.ofArray(bytes(BlockSize.KIB_1));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> store.put(new Reference(1, 2, 3, 4), block))
        .withMessage("%s answers 400", server.url());
  }

  @ParameterizedTest
  @EnumSource(names = {"IS_BUSY", "HANGS_UP", "CLOSES_IN_BODY"})
  void whatFailsForAWhileIsAskedAgain(Misbehaviour how) throws IOException {
    byte[] block = bytes(BlockSize.KIB_1);
    Reference reference = hold(block);
    server.misbehave(how, 3);
    assertThat(store.get(reference, target)).isPresent();
    server.misbehave(how, 3);
    assertThat(store.contains(reference)).isTrue();
    server.misbehave(how == Misbehaviour.CLOSES_IN_BODY ? Misbehaviour.HANGS_UP : how, 3);
    MemorySegment another = MemorySegment.ofArray(bytes(BlockSize.KIB_32));
    store.put(Reference.of(another), another);
    assertThat(held.contains(Reference.of(another))).isTrue();
  }

  @Test
  void pausesGrowAndAreLeftToChance() throws IOException {
    server.misbehave(Misbehaviour.IS_BUSY);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> store.contains(new Reference(1, 2, 3, 4)))
        .withMessage("%s answers 503", server.url());
    assertThat(server.requests()).isEqualTo(5);
    assertThat(clock.pauses).hasSize(4).doesNotHaveDuplicates();
    for (int i = 0; i < 4; i++) {
      assertThat(clock.pauses.get(i).toMillis()).isBetween(50L << i, 100L << i);
    }
  }

  @Test
  void brokenConnectionIsAFailureAfterFiveAttempts() throws IOException {
    Reference reference = hold(bytes(BlockSize.KIB_1));
    server.misbehave(Misbehaviour.CLOSES_IN_BODY);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> store.get(reference, target))
        .withMessage("the connection to %s broke", server.url());
    assertThat(clock.pauses).hasSize(4);
  }

  @Test
  void putThatIsNeverAnsweredIsNotWaitedFor() throws IOException {
    MemorySegment block = MemorySegment.ofArray(bytes(BlockSize.KIB_32));
    server.misbehave(Misbehaviour.NEVER_ANSWERS);
    try (var hasty = new HttpStore(server.url(), SHORT, clock, random)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> hasty.put(Reference.of(block), block))
          .withMessage("no answer from %s within 300 ms", server.url());
    }
    assertThat(server.requests()).isEqualTo(1);
    assertThat(clock.pauses).isEmpty();
  }

  @Test
  void threadThatPutsManyBlocksCanBeInterrupted() throws Exception {
    BlockBatch batch = newBatch(40, BlockSize.KIB_1, Arena.ofAuto());
    server.misbehave(Misbehaviour.NEVER_ANSWERS);
    var outcome = new CompletableFuture<Throwable>();
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    store.putAll(batch);
                  } catch (IOException e) {
                    outcome.complete(e);
                  }
                });
    server.awaitRequests(16);
    writer.interrupt();
    assertThat(outcome.get()).isInstanceOf(InterruptedIOException.class);
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

  private byte[] bytes(BlockSize size) {
    byte[] bytes = new byte[size.bytes()];
    random.nextBytes(bytes);
    return bytes;
  }

  private Reference hold(byte[] block) {
    return hold(held, block);
  }

  private static Reference hold(MemoryBlockStore store, byte[] block) {
    Reference reference = Reference.of(MemorySegment.ofArray(block));
    store.put(reference, MemorySegment.ofArray(block));
    return reference;
  }

  /// The references of as many held blocks, and room for them.
  private BlockBatch batch(int count, BlockSize size, Arena arena) {
    MemorySegment references = arena.allocate((long) count * Reference.BYTES);
    for (int i = 0; i < count; i++) {
      hold(bytes(size)).writeTo(references, (long) i * Reference.BYTES);
    }
    return new BlockBatch(size, arena.allocate((long) count * size.bytes()), references);
  }

  /// As many blocks that nobody holds.
  private BlockBatch newBatch(int count, BlockSize size, Arena arena) {
    MemorySegment references = arena.allocate((long) count * Reference.BYTES);
    MemorySegment blocks = arena.allocate((long) count * size.bytes());
    var batch = new BlockBatch(size, blocks, references);
    for (int i = 0; i < count; i++) {
      MemorySegment block = batch.block(i).copyFrom(MemorySegment.ofArray(bytes(size)));
      Reference.of(block).writeTo(references, (long) i * Reference.BYTES);
    }
    return batch;
  }
}
