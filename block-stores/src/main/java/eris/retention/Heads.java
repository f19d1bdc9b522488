package eris.retention;

import eris.store.CollectableStore;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;

/// The heads that a store keeps. One object for each open store, safe for concurrent use: it keeps
/// two accounts that publish at once from undoing each other's change.
public final class Heads {
  private final CollectableStore store;

  public Heads(CollectableStore store) {
    this.store = store;
  }

  /// All of them, in the order of accounts, their signatures verified.
  ///
  /// @throws DamagedLiveSet if the store's metadata is anything else than heads
  public synchronized Collection<Head> all() throws IOException {
    return table().all();
  }

  public synchronized Optional<Head> of(AccountId account) throws IOException {
    return table().of(account);
  }

  /// Makes `head` that of its account, and returns when that is durable. Its list, and what the list
  /// names, is durable before: this looks at none of it.
  ///
  /// @throws StaleHead if it does not follow the head that is there
  /// @throws DamagedLiveSet if its signature is wrong, or the store's metadata is no table
  public synchronized void replace(Head head) throws IOException {
    if (!head.isAuthentic()) {
      throw new DamagedLiveSet("the head of %s has a wrong signature".formatted(head.account()));
    }
    HeadTable table = table();
    Optional<Head> present = table.of(head.account());
    if (present.isPresent() && head.sequence() <= present.get().sequence()) {
      throw new StaleHead(head, present.get());
    }
    store.setMetadata(table.with(head).encode());
  }

  /// Forgets the head of an account, so that nothing is kept for it any longer.
  ///
  /// @return whether there was one
  public synchronized boolean expire(AccountId account) throws IOException {
    HeadTable table = table();
    if (table.of(account).isEmpty()) {
      return false;
    }
    store.setMetadata(table.without(account).encode());
    return true;
  }

  private HeadTable table() throws IOException {
    return HeadTable.decode(store.metadata());
  }

  /// A head that was overtaken: another with its sequence, or a later one, is in its place.
  public static final class StaleHead extends IOException {
    private static final long serialVersionUID = 1;

    private StaleHead(Head head, Head present) {
      super(
          "live set %d of account %s does not follow %d, which is published"
              .formatted(head.sequence(), head.account(), present.sequence()));
    }
  }
}
