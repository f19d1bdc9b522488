package eris.stores;

import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockBatch;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Batches for servers that take one block with each request: many requests at a time. How many of
/// them are really under way is for who sends them to say.
public final class ManyRequests {
  private static final int MOST_WAITING = 32;

  private ManyRequests() {}

  /// Gets one block, verified.
  @FunctionalInterface
  public interface Fetch {
    Optional<byte[]> fetch(Reference reference) throws IOException;
  }

  /// Puts one block.
  @FunctionalInterface
  public interface Send {
    void send(Reference reference, byte[] block) throws IOException;
  }

  /// Fetches each distinct reference once. Stops at the first failure; corrupt blocks are left out.
  public static BitSet getAll(BlockBatch batch, Fetch fetch) throws IOException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<Reference, Future<Optional<byte[]>>> distinct = new HashMap<>();
      List<Future<Optional<byte[]>>> answers = new ArrayList<>(batch.count());
      for (int i = 0; i < batch.count(); i++) {
        answers.add(
            distinct.computeIfAbsent(
                batch.reference(i), reference -> threads.submit(() -> fetch.fetch(reference))));
      }
      BitSet held = collect(batch, answers);
      threads.shutdownNow(); // after a failure the others are in vain
      return held;
    }
  }

  /// Copies on the calling thread: `batch` may be confined to it.
  private static BitSet collect(BlockBatch batch, List<Future<Optional<byte[]>>> answers)
      throws IOException {
    var held = new BitSet(batch.count());
    for (int i = 0; i < batch.count(); i++) {
      try {
        Optional<byte[]> block = answers.get(i).get();
        if (block.isPresent() && block.get().length == batch.blockSize().bytes()) {
          batch.block(i).copyFrom(MemorySegment.ofArray(block.get()));
          held.set(i);
        }
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof CorruptBlock)) {
          return held;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while fetching blocks");
      }
    }
    return held;
  }

  /// Stops at the first failure. Some blocks may be there then.
  public static void putAll(BlockBatch batch, Send send) throws IOException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Deque<Future<?>> waiting = new ArrayDeque<>();
      try {
        for (int i = 0; i < batch.count(); i++) {
          if (waiting.size() == MOST_WAITING) {
            await(waiting.removeFirst());
          }
          Reference reference = batch.reference(i);
          byte[] block = batch.block(i).toArray(ValueLayout.JAVA_BYTE); // confined to this thread
          waiting.add(
              threads.submit(
                  () -> {
                    send.send(reference, block);
                    return null;
                  }));
        }
        for (Future<?> answer : waiting) {
          await(answer);
        }
      } finally {
        threads.shutdownNow(); // after a failure the others are in vain
      }
    }
  }

  private static void await(Future<?> answer) throws IOException {
    try {
      answer.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while sending blocks");
    }
  }
}
