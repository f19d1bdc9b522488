package eris.retention;

import eris.store.CollectableStore;
import java.io.IOException;
import java.util.Collection;

/// Publishes the live set of an account in a store: all blocks of its pins, and nothing else, are
/// wanted from then on.
public final class Publisher {
  private final CollectableStore store;
  private final Promises promises;
  private final Heads heads;

  public Publisher(CollectableStore store, Promises promises, Heads heads) {
    this.store = store;
    this.promises = promises;
    this.heads = heads;
  }

  /// The store does not hold all that is pinned, or pins are not what they say. Nothing was changed.
  public static final class IncompleteException extends IOException {
    private static final long serialVersionUID = 1;

    private final long missing;
    private final long wrong;

    private IncompleteException(long missing, long wrong) {
      super("%d blocks of what is pinned are missing, %d are wrong".formatted(missing, wrong));
      this.missing = missing;
      this.wrong = wrong;
    }

    public long missing() {
      return missing;
    }

    public long wrong() {
      return wrong;
    }
  }

  /// Collects the references of all blocks of `pins`. The caller closes the result.
  ///
  /// @throws IncompleteException if they cannot all be known
  public ReferenceSorter references(Collection<Pin> pins) throws IOException {
    var references = new ReferenceSorter();
    boolean complete = false;
    try {
      var walk = new PinWalk(store, references);
      for (Pin pin : pins) {
        walk.add(pin);
      }
      requireComplete(walk.missing(), walk.wrong());
      complete = true;
      return references;
    } finally {
      if (!complete) {
        references.close();
      }
    }
  }

  /// Publishes the live set of `pins`, and returns when that is durable. Blocks of it that are in the
  /// trash are held again.
  ///
  /// @param sequence of the head, higher than that of any head the account has signed
  /// @throws IncompleteException if blocks are missing or wrong; then nothing was published
  /// @throws Heads.StaleHead if the store has a head that is not older
  public Head publish(Account account, long sequence, Collection<Pin> pins) throws IOException {
    try (var push = new Push(store, promises);
        ReferenceSorter references = references(pins)) {
      hold(references, push);
      ReferenceList.Written list = ReferenceList.write(references, references.countAtMost(), store);
      Head head = Head.sign(account, sequence, list.count(), list.capability());
      push.finish(() -> heads.replace(head));
      return head;
    }
  }

  private static void hold(LiveSet set, Push push) throws IOException {
    long missing = 0;
    try (ReferenceCursor cursor = set.open()) {
      while (cursor.advance()) {
        missing += push.hold(cursor.reference()) ? 0 : 1;
      }
    }
    requireComplete(missing, 0);
  }

  private static void requireComplete(long missing, long wrong) throws IncompleteException {
    if (missing + wrong > 0) {
      throw new IncompleteException(missing, wrong);
    }
  }
}
