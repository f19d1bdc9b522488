package eris.retention;

import eris.Reference;
import eris.store.CollectableStore;
import java.io.IOException;

/// Somebody brings blocks to a store, and in the end wants them kept. What [#has] or [#hold] said is
/// there, and what was put since, stays until the push is closed, whatever is collected meanwhile.
///
/// For one thread; many may be open at once.
public final class Push implements AutoCloseable {
  private final CollectableStore store;
  private final Promises.Promise promise;

  /// A change of what is wanted, durable when it returns.
  @FunctionalInterface
  public interface Change {
    void run() throws IOException;
  }

  public Push(CollectableStore store, Promises promises) {
    this.store = store;
    this.promise = promises.open();
  }

  /// Whether a block need not be put.
  public boolean has(Reference reference) throws IOException {
    return store.contains(reference);
  }

  /// Makes sure that a block is held, by taking it out of the trash if need be.
  ///
  /// @return whether it is; if not, it has to be put
  public boolean hold(Reference reference) throws IOException {
    return store.contains(reference) || store.restore(reference);
  }

  /// Makes durable what was put and held, and then what is wanted. Only after that the promise may
  /// end, and a collection that begins later sees the change.
  public void finish(Change change) throws IOException {
    store.sync();
    change.run();
  }

  /// Ends the promise.
  @Override
  public void close() {
    promise.close();
  }
}
