package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockBatch;
import eris.stores.HttpStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What a client puts to a server, and how it asks again.
final class HttpStorePutTest extends HttpStoreFixture {
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
        "WANTS_CREDENTIALS|Refused|store SERVER refused: status 401: it wants a token",
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
