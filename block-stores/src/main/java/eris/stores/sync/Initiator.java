package eris.stores.sync;

import eris.Reference;
import eris.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The side that begins a session, asks all questions and ends it: `docs/formats/sync.md`.
///
/// First it looks for the ranges of references in which the two stores differ, then it tells what it
/// holds in those, and both move what the other lacks.
public final class Initiator implements AutoCloseable {
  private final SyncedStore store;
  private final Set<Direction> directions;
  private final Narrowing narrowing;
  private final Salt salt;
  private final SyncInput in;
  private final SyncOutput out;
  private final InitiatorTurns turns;

  /// @param random draws the salt of the session: hard to guess
  /// @param in where it waits too long, reading throws
  public Initiator(
      SyncedStore store,
      Set<Direction> directions,
      RandomGenerator random,
      InputStream in,
      OutputStream out) {
    this(store, directions, Narrowing.DEFAULT, random, in, out);
  }

  /// @param narrowing other than [Narrowing#DEFAULT], to measure
  public Initiator(
      SyncedStore store,
      Set<Direction> directions,
      Narrowing narrowing,
      RandomGenerator random,
      InputStream in,
      OutputStream out) {
    this.store = store;
    this.directions = Set.copyOf(directions);
    this.narrowing = narrowing;
    this.salt = Salt.random(random);
    this.in = new SyncInput(in);
    this.out = SyncOutput.toPeer(out);
    this.turns = new InitiatorTurns(store, this.directions, salt, this.in, this.out);
  }

  /// Runs the session, once. All blocks that it tells of are durable where they went.
  ///
  /// @throws MalformedSync if the other side says something else than what is due
  /// @throws StoreException if one of the stores is full or takes no blocks, or the other side does
  ///     not grant all directions
  /// @throws PeerGone if the other side ends early
  public SyncResult run() throws IOException {
    new Hello(directions, salt).writeTo(out);
    out.flush(); // the other side walks its store while this one does
    Summary summary = Summary.of(store.inventory(), salt);
    SetSummary ours = SetSummary.of(summary);
    ours.writeTo(out);
    out.flush();
    SetSummary theirs = readAnswer();
    if (!ours.equals(theirs)) {
      turns.expect(theirs.count());
      compare(Ranges.ALL, summary);
      turns.bye();
    }
    return turns.result();
  }

  private SetSummary readAnswer() throws IOException {
    Hello answer = Hello.readFrom(in);
    if (!answer.directions().equals(directions)) {
      throw new StoreException.Refused("on the other side", "it grants " + answer.directions());
    }
    if (!answer.salt().equals(salt)) {
      throw in.malformed("the salt of another session");
    }
    return SetSummary.readFrom(in);
  }

  /// Divides ranges that differ until they are small, as many at once as one question can hold.
  private void compare(Ranges ranges, Summary summary) throws IOException {
    int bits = narrowing.bits(ranges.depth(), summary.count());
    if (bits == 0) {
      list(ranges);
      return;
    }
    int most = Math.min(Question.Compare.MOST_RANGES, Question.Compare.MOST_CHILDREN >> bits);
    for (int from = 0; from < ranges.count(); from += most) {
      Ranges part = ranges.part(from, Math.min(from + most, ranges.count()));
      Ranges differing = differing(part, bits, summary.children(part, bits));
      if (differing.count() > 0) {
        compare(differing, summary);
      }
    }
  }

  private Ranges differing(Ranges ranges, int bits, Digests ours) throws IOException {
    Digests theirs = turns.compare(new Question.Compare(ranges, bits));
    int[] prefixes = new int[ours.count()];
    int count = 0;
    for (int i = 0; i < ours.count(); i++) {
      if (isOfInterest(ours.get(i), theirs.get(i))) {
        prefixes[count++] = ranges.childPrefix(i >> bits, bits, i & (1 << bits) - 1);
      }
    }
    return new Ranges(ranges.depth() + bits, Arrays.copyOf(prefixes, count));
  }

  /// Whether there may be a block to move: where one side has none, only one direction is left.
  private boolean isOfInterest(SetDigest ours, SetDigest theirs) {
    boolean push = directions.contains(Direction.PUSH) && !ours.equals(SetDigest.EMPTY);
    boolean pull = directions.contains(Direction.PULL) && !theirs.equals(SetDigest.EMPTY);
    return !ours.equals(theirs) && (push || pull);
  }

  /// Tells what is held in these ranges, and moves what the sides lack.
  private void list(Ranges ranges) throws IOException {
    for (int from = 0; from < ranges.count(); from += Question.Have.MOST_RANGES) {
      Ranges part = ranges.part(from, Math.min(from + Question.Have.MOST_RANGES, ranges.count()));
      Listing listing = Listing.of(store.inventory(), part, Reference.LEAST);
      list(listing, part);
      while (listing.isCut() && part.indexFrom(listing.next()) < part.count()) {
        listing = Listing.of(store.inventory(), part, listing.next());
        list(listing, part);
      }
    }
  }

  private void list(Listing listing, Ranges ranges) throws IOException {
    if (!listing.isEmpty() || directions.contains(Direction.PULL)) {
      turns.have(listing, listing.question(ranges));
    }
  }

  /// Releases threads and memory, but neither store nor streams.
  @Override
  public void close() {
    turns.close();
  }
}
