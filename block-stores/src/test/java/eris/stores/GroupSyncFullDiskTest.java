package eris.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import eris.store.StoreException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class GroupSyncFullDiskTest {
  private final AtomicInteger flushes = new AtomicInteger();

  @Test
  void fullDiskLeavesTheNextTryOpen() throws IOException {
    var sync = new GroupSync(this::failFirst);
    assertThatExceptionOfType(StoreException.Full.class).isThrownBy(sync::sync);
    sync.sync();
    assertThat(flushes).hasValue(2);
  }

  @Test
  void whoeverWaitedForAFlushThatFoundTheDiskFullTriesForHimself() throws Exception {
    var waiting = new CountDownLatch(1);
    var sync =
        new GroupSync(
            () -> {
              awaitQuietly(waiting);
              failFirst();
            });
    Thread first = Thread.ofPlatform().start(() -> syncExpectingFull(sync));
    awaitState(first, Thread.State.WAITING);
    Thread second = Thread.ofPlatform().start(() -> syncUnchecked(sync));
    awaitState(second, Thread.State.WAITING);
    waiting.countDown();
    first.join();
    second.join();
    assertThat(flushes).hasValue(2);
  }

  @Test
  void otherFailureIsFinal() {
    var sync =
        new GroupSync(
            () -> {
              throw new IOException("disk on fire");
            });
    assertThatIOException().isThrownBy(sync::sync).withMessage("disk on fire");
    assertThatIOException().isThrownBy(sync::sync).withMessageContaining("earlier flush");
  }

  private void failFirst() throws IOException {
    if (flushes.incrementAndGet() == 1) {
      throw new StoreException.Full("test", new IOException("No space left on device"));
    }
  }

  private static void syncExpectingFull(GroupSync sync) {
    assertThatExceptionOfType(StoreException.Full.class).isThrownBy(sync::sync);
  }

  private static void syncUnchecked(GroupSync sync) {
    try {
      sync.sync();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
