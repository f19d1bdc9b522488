package eris.retention;

import eris.store.BlockSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
    List<LiveSet> sets = new ArrayList<>();
    for (Head head : heads.all()) {
      sets.add(PublishedSet.verified(source, head));
    }
    return sets;
  }

  /// What there would be if `account` published `set` now.
  public List<LiveSet> currentWith(AccountId account, LiveSet set) throws IOException {
    List<LiveSet> sets = new ArrayList<>();
    for (Head head : heads.all()) {
      if (!head.account().equals(account)) {
        sets.add(PublishedSet.verified(source, head));
      }
    }
    sets.add(set);
    return sets;
  }
}
