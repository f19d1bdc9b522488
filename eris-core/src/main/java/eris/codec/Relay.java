package eris.codec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Threads with a batch each, which they fill, work on and deliver, over and over. Filling and
/// delivering are for one thread at a time, in the order of the content; the work between is for all
/// at once.
///
/// The first failure ends all, and after [#run] nothing is delivered any more. A thread that waits
/// for content at that time is left to itself: some content cannot be interrupted.
final class Relay {
  private static final long NONE = -1;

  private final ReadableByteChannel content;
  private final Consumer<Batch> work;
  private final Delivery delivery;

  private final ReentrantLock filling = new ReentrantLock();
  private long filledCount; // guarded by filling
  private boolean end; // guarded by filling

  private final ReentrantLock delivering = new ReentrantLock();
  private final Condition progress = delivering.newCondition();
  private long deliveredCount; // guarded by delivering
  private volatile @Nullable Throwable failure; // written under delivering

  /// Takes what is done.
  @FunctionalInterface
  interface Delivery {
    void accept(Batch batch) throws IOException;
  }

  Relay(ReadableByteChannel content, Consumer<Batch> work, Delivery delivery) {
    this.content = content;
    this.work = work;
    this.delivery = delivery;
  }

  /// Runs until the content is at its end. The first of `batches`, already filled, is for the calling
  /// thread; each of the others gets a thread.
  ///
  /// @throws IOException what the content or the delivery threw
  void run(List<Batch> batches) throws IOException {
    filledCount = 1;
    Thread[] others =
        batches.stream()
            .skip(1)
            .map(batch -> thread(() -> runUntilEnd(batch, NONE)))
            .toArray(Thread[]::new);
    runUntilEnd(batches.getFirst(), 0);
    awaitDelivered();
    if (failure != null) {
      for (Thread other : others) {
        other.interrupt();
      }
      rethrow(failure);
    }
  }

  private static Thread thread(Runnable task) {
    return Thread.ofPlatform().name("eris-encode").daemon().start(task);
  }

  /// @param first the number of the batch if it is already filled
  private void runUntilEnd(Batch batch, long first) {
    try {
      for (long number = first == NONE ? fill(batch) : first; number != NONE; ) {
        work.accept(batch);
        deliver(batch, number);
        number = fill(batch);
      }
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      fail(e);
    }
  }

  /// @return the number of the batch, or [#NONE] if there is no more content
  private long fill(Batch batch) throws IOException, InterruptedException {
    filling.lockInterruptibly();
    try {
      if (end || failure != null) {
        return NONE;
      }
      end = batch.fillFrom(content);
      return filledCount++;
    } finally {
      filling.unlock();
    }
  }

  private void deliver(Batch batch, long number) throws IOException, InterruptedException {
    delivering.lockInterruptibly();
    try {
      while (deliveredCount != number && failure == null) {
        progress.await();
      }
      if (failure == null) {
        delivery.accept(batch);
        deliveredCount++;
        progress.signalAll();
      }
    } finally {
      delivering.unlock();
    }
  }

  private void fail(Throwable cause) {
    delivering.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
      progress.signalAll();
    } finally {
      delivering.unlock();
    }
  }

  /// Waits until everything that was filled is delivered; the calling thread has seen the end.
  private void awaitDelivered() {
    delivering.lock();
    try {
      while (failure == null && deliveredCount < filledCount) {
        progress.await();
      }
    } catch (InterruptedException e) {
      fail(e);
    } finally {
      delivering.unlock();
    }
  }

  private static void rethrow(Throwable failure) throws IOException {
    switch (failure) {
      case IOException e -> throw e;
      case InterruptedException _ -> {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while encoding");
      }
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }
}
