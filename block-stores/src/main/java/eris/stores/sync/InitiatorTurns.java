package eris.stores.sync;

import eris.Reference;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/// The turns of the side that begins. The two sides never speak at the same time, so neither has to
/// listen while it speaks.
///
/// One of our turns is: the acknowledgement of the blocks in the answer before, the blocks that it
/// asked for, and the next question.
final class InitiatorTurns implements AutoCloseable {
  private final Set<Direction> directions;
  private final SyncInput in;
  private final SyncOutput out;
  private final BlockSender sender;
  private final BlockReceiver receiver;
  private long expected;
  private int roundTrips = 1; // the greeting
  private boolean received;
  private long receivedLast;
  private List<Listing.Entry> missing = List.of();
  private long acknowledged;

  InitiatorTurns(
      SyncedStore store, Set<Direction> directions, Salt salt, SyncInput in, SyncOutput out) {
    this.directions = directions;
    this.in = in;
    this.out = out;
    this.sender = new BlockSender(store, salt, out);
    this.receiver = new BlockReceiver(store, salt, in);
  }

  /// @param count the most blocks that the other side can send in this session
  void expect(long count) {
    expected = count;
  }

  Digests compare(Question.Compare question) throws IOException {
    ask(question);
    MessageType.DIGESTS.require(in);
    var digests = new Digests(question.ranges().count() << question.bits());
    for (int i = 0; i < digests.count(); i++) {
      digests.add(i, in.readDigest());
    }
    return digests;
  }

  void have(Listing listing, Question.Have question) throws IOException {
    ask(question);
    if (directions.contains(Direction.PULL)) {
      MessageType.BLOCKS.require(in);
      Set<Reference> listed = listing.references();
      receivedLast =
          receiver.receive(
              reference -> question.covers(reference) && !listed.contains(reference),
              expected - receiver.total());
      received = true;
    }
    if (directions.contains(Direction.PUSH)) {
      MessageType.HELD.require(in);
      missing = listing.without(readHeld(question.references().size()));
    }
  }

  private BitSet readHeld(int count) throws IOException {
    BitSet held = BitSet.valueOf(in.readBytes(Math.ceilDiv(count, Byte.SIZE)));
    if (held.length() > count) {
      throw in.malformed("more blocks held than were listed");
    }
    return held;
  }

  void bye() throws IOException {
    ask(new Question.Bye());
    MessageType.BYE.require(in);
  }

  /// Speaks, then hears the acknowledgement, if one is due; the rest of the answer is up to the
  /// caller.
  private void ask(Question question) throws IOException {
    boolean sent = !missing.isEmpty();
    long count = 0;
    try {
      count = speak(question);
    } catch (PeerGone e) {
      throw reasonOf(e);
    }
    roundTrips++;
    if (sent) {
      MessageType.DURABLE.require(in);
      requireDurable(count);
    }
  }

  /// @return how many blocks were sent
  private long speak(Question question) throws IOException {
    if (received) {
      MessageType.DURABLE.writeTo(out);
      out.writeNumber(receivedLast, Long.BYTES);
      received = false;
    }
    long count = 0;
    if (!missing.isEmpty()) {
      MessageType.BLOCKS.writeTo(out);
      for (Listing.Entry entry : missing) {
        sender.add(entry.reference(), entry.size());
      }
      count = sender.end();
      missing = List.of();
    }
    question.writeTo(out);
    out.flush();
    return count;
  }

  private void requireDurable(long count) throws IOException {
    long durable = in.readCount();
    if (durable != count) {
      throw in.malformed("%d blocks are durable, %d were sent".formatted(durable, count));
    }
    acknowledged += count;
  }

  /// Who stops listening may have said why.
  private IOException reasonOf(PeerGone broken) {
    try {
      MessageType.readFrom(in);
      return broken;
    } catch (PeerGone _) {
      return broken;
    } catch (IOException e) {
      return e;
    }
  }

  SyncResult result() {
    return new SyncResult(
        acknowledged, receiver.total(), out.position(), in.position(), roundTrips);
  }

  @Override
  public void close() {
    sender.close();
    receiver.close();
  }
}
