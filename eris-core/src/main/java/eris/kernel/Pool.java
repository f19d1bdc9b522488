package eris.kernel;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Working memory for calls that run at the same time. Nobody waits: who finds none idle makes one,
/// and what finds no place when it comes back is left to the garbage collector.
final class Pool<T> {
  private final AtomicReferenceArray<@Nullable T> idle =
      new AtomicReferenceArray<>(2 * Runtime.getRuntime().availableProcessors());
  private final Supplier<T> maker;

  Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  T take() {
    for (int i = 0; i < idle.length(); i++) {
      T item = idle.getAndSet(i, null);
      if (item != null) {
        return item;
      }
    }
    return maker.get();
  }

  void give(T item) {
    for (int i = 0; i < idle.length(); i++) {
      if (idle.compareAndSet(i, null, item)) {
        return;
      }
    }
  }
}
