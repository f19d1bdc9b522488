package eris.stores.sync;

/// Digests of many sets, numbered from 0, each empty at first.
final class Digests {
  private final long[] high;
  private final long[] low;

  Digests(int count) {
    high = new long[count];
    low = new long[count];
  }

  int count() {
    return high.length;
  }

  SetDigest get(int index) {
    return new SetDigest(high[index], low[index]);
  }

  void add(int index, SetDigest digest) {
    SetDigest sum = get(index).plus(digest);
    high[index] = sum.high();
    low[index] = sum.low();
  }
}
