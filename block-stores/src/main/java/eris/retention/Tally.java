package eris.retention;

import java.util.EnumMap;
import java.util.Map;

/// What a collection has done, or would do, with how much.
public final class Tally {
  private final Map<Verdict, Amount> amounts = new EnumMap<>(Verdict.class);
  private long missing;

  /// Blocks, and the bytes in them.
  public record Amount(long blocks, long bytes) {
    private static final Amount NONE = new Amount(0, 0);

    private Amount plus(long moreBlocks, long moreBytes) {
      return new Amount(blocks + moreBlocks, bytes + moreBytes);
    }
  }

  Tally() {}

  public Amount of(Verdict verdict) {
    return amounts.getOrDefault(verdict, Amount.NONE);
  }

  /// Blocks that are in a live set and not in the store.
  public long missing() {
    return missing;
  }

  /// Blocks that were looked at.
  public long all() {
    return total().blocks();
  }

  /// Blocks that go to the trash or from there.
  public long going() {
    return of(Verdict.TRASH).blocks() + of(Verdict.FREE).blocks();
  }

  /// How much of the store goes to the trash or from there, from 0 to 1: of its blocks or of its
  /// bytes, whichever is more.
  public double shareGoing() {
    Amount all = total();
    long bytes = of(Verdict.TRASH).bytes() + of(Verdict.FREE).bytes();
    return all.blocks() == 0
        ? 0
        : Math.max((double) going() / all.blocks(), (double) bytes / all.bytes());
  }

  private Amount total() {
    Amount all = Amount.NONE;
    for (Amount amount : amounts.values()) {
      all = all.plus(amount.blocks(), amount.bytes());
    }
    return all;
  }

  void add(Verdict verdict, long bytes) {
    amounts.put(verdict, of(verdict).plus(1, bytes));
  }

  void addMissing() {
    missing++;
  }
}
