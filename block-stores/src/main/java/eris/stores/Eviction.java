package eris.stores;

import eris.Reference;
import java.io.IOException;

/// Makes room in a cache while a checkpoint merges its entries: what was put longest ago goes, but
/// what was asked for since the last time counts as put anew.
///
/// How long ago is a matter of sequences. One walk counts bytes by age, in steps of 1/64 of it, so
/// memory is the same whatever the volume holds. What is in the trash or set aside goes first.
final class Eviction implements VolumeIndex.Visitor {
  private static final int STEP_BITS = 6;
  private static final int STEPS = 1 << STEP_BITS;
  private static final int OLDEST = STEPS * (Long.SIZE - STEP_BITS + 1);

  private final AskedFor.Notes asked;
  private final long now;
  private final VolumeIndex.Visitor kept;
  private final SlotMap map;
  private final int age; // from which on all go
  private long atThatAge; // bytes that go

  private Eviction(
      AskedFor.Notes asked,
      long now,
      VolumeIndex.Visitor kept,
      SlotMap map,
      int age,
      long atThatAge) {
    this.asked = asked;
    this.now = now;
    this.kept = kept;
    this.map = map;
    this.age = age;
    this.atThatAge = atThatAge;
  }

  /// Finds out what has to go so that `bytes` come free, more or less. Where too little was not
  /// asked for, that does not count.
  ///
  /// @param now the sequence of the journal's next record
  /// @param kept told what stays
  static Eviction of(
      VolumeView view,
      AskedFor.Notes asked,
      long bytes,
      long now,
      VolumeIndex.Visitor kept,
      SlotMap map)
      throws IOException {
    long[] bytesByAge = new long[OLDEST + 1];
    long[] all = {0};
    VolumeIndex.Visitor counting =
        (reference, where, sequence) -> {
          if (!isSpared(asked, reference, where)) {
            bytesByAge[age(where, now - sequence)] += Place.size(where).bytes();
            all[0] += Place.size(where).bytes();
          }
        };
    new VolumeWalk(view, Reference.LEAST, counting).run();
    if (all[0] < bytes && asked != AskedFor.Notes.NONE) {
      return of(view, AskedFor.Notes.NONE, bytes, now, kept, map);
    }
    int age = OLDEST;
    long left = bytes;
    while (age > 0 && bytesByAge[age] < left) {
      left -= bytesByAge[age];
      age--;
    }
    return new Eviction(asked, now, kept, map, age, left);
  }

  private static boolean isSpared(AskedFor.Notes asked, Reference reference, long where) {
    return Place.isHeld(where) && asked.has(reference);
  }

  /// The number of the step: one for each age below 128, then 64 for each doubling.
  private static int age(long where, long sequences) {
    if (!Place.isHeld(where)) {
      return OLDEST;
    }
    long positive = Math.max(sequences, 0);
    int doublings = Math.max(0, Long.SIZE - 1 - STEP_BITS - Long.numberOfLeadingZeros(positive));
    return doublings * STEPS + (int) (positive >>> doublings);
  }

  @Override
  public void visit(Reference reference, long where, long sequence) throws IOException {
    int its = age(where, now - sequence);
    if (its < age || its == age && atThatAge <= 0) {
      kept.visit(reference, where, sequence);
    } else if (isSpared(asked, reference, where)) {
      kept.visit(reference, where, now);
    } else {
      atThatAge -= its == age ? Place.size(where).bytes() : 0;
      map.free(Place.unpack(where));
    }
  }
}
