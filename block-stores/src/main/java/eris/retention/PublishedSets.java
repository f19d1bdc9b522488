package eris.retention;

import eris.store.BlockSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The live sets of all accounts that have published one in a store, each read and verified to its
/// end before anything is decided by it.
public final class PublishedSets implements LiveSets {
  private final BlockSource source;
  private final Heads heads;

  /// @param source the store that the heads are from
  public PublishedSets(BlockSource source, Heads heads) {
    this.source = source;
    this.heads = heads;
  }

  @Override
  public List<LiveSet> current() throws IOException {
    return currentExcept(Set.of());
  }

  /// As [#current], but what `ignored` accounts want does not count.
  public List<LiveSet> currentExcept(Set<AccountId> ignored) throws IOException {
    List<LiveSet> sets = new ArrayList<>();
    for (Head head : heads.all()) {
      if (!ignored.contains(head.account())) {
        sets.add(PublishedSet.verified(source, head));
      }
    }
    return sets;
  }
}
