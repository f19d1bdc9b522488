package eris.server.metrics;

import eris.server.blocks.StoreFigures;
import eris.store.BlockStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The figures of a store that may be busy: a store that hangs must not hide that it does. Only one
/// asks it at a time, whoever wants to know. Safe for concurrent use.
final class StoreWatch {
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final BlockStore store;
  private Optional<StoreFigures> last = Optional.empty();
  private @Nullable CompletableFuture<Optional<StoreFigures>> asking;

  StoreWatch(BlockStore store) {
    this.store = store;
  }

  /// The figures as they are, or, if the store takes too long to tell, as they were.
  Optional<StoreFigures> figures() {
    CompletableFuture<Optional<StoreFigures>> answer = ask();
    try {
      Optional<StoreFigures> told = answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      keep(told);
      return told;
    } catch (TimeoutException | ExecutionException _) {
      return kept();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return kept();
    }
  }

  private synchronized CompletableFuture<Optional<StoreFigures>> ask() {
    if (asking == null || asking.isDone()) {
      asking =
          CompletableFuture.supplyAsync(
              () -> StoreFigures.of(store), task -> Thread.ofVirtual().start(task));
    }
    return asking;
  }

  private synchronized void keep(Optional<StoreFigures> told) {
    last = told;
  }

  private synchronized Optional<StoreFigures> kept() {
    return last;
  }
}
