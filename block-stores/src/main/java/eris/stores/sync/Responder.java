package eris.stores.sync;

import eris.BlockSize;
import eris.Reference;
import eris.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The side that answers: `docs/formats/sync.md`. Nothing that the other side says is believed: a
/// block is stored under its own hash, if it is one that was said to be missing.
public final class Responder {
  private final SyncedStore store;
  private final Set<Direction> allowed;
  private final SyncInput in;
  private final SyncOutput out;

  /// @param allowed what may be granted, as the other side sees it
  /// @param in where it waits too long, reading throws
  public Responder(SyncedStore store, Set<Direction> allowed, InputStream in, OutputStream out) {
    this.store = store;
    this.allowed = Set.copyOf(allowed);
    this.in = new SyncInput(in);
    this.out = SyncOutput.toPeer(out);
  }

  /// Answers one session until the other side ends it.
  ///
  /// @throws MalformedSync if the other side says something else than what is due
  /// @throws StoreException if the store is full or takes no blocks, or not all that was wanted is
  ///     allowed
  /// @throws PeerGone if the other side ends early
  public SyncResult run() throws IOException {
    try {
      return converse();
    } catch (IOException | RuntimeException e) {
      tell(PeerFailure.of(e));
      throw e;
    }
  }

  private void tell(PeerFailure failure) {
    try {
      failure.writeTo(out);
      out.flush();
    } catch (IOException _) {
      // Who has gone needs no reason.
    }
  }

  private SyncResult converse() throws IOException {
    Hello hello = Hello.readFrom(in);
    if (!allowed.containsAll(hello.directions())) {
      throw refusal(hello);
    }
    Summary summary = Summary.of(store.inventory(), hello.salt());
    SetSummary ours = SetSummary.of(summary);
    SetSummary theirs = SetSummary.readFrom(in);
    hello.writeTo(out);
    ours.writeTo(out);
    out.flush();
    try (var sender = new BlockSender(store, hello.salt(), out);
        var receiver = new BlockReceiver(store, hello.salt(), in)) {
      var answers = new Answers(hello.directions(), summary, sender, receiver);
      int roundTrips = ours.equals(theirs) ? 1 : answers.run();
      return new SyncResult(
          sender.total(), receiver.total(), out.position(), in.position(), roundTrips);
    }
  }

  /// Grants what is allowed, which ends the session.
  private StoreException refusal(Hello hello) throws IOException {
    SetSummary.readFrom(in); // the other side still speaks
    Set<Direction> granted = EnumSet.copyOf(hello.directions());
    granted.retainAll(allowed);
    new Hello(granted, hello.salt()).writeTo(out);
    return new StoreException.Refused(
        "on this side", "%s is wanted, %s allowed".formatted(hello.directions(), allowed));
  }

  /// The turns after the greeting. One of the other side's is: an acknowledgement of our blocks, the
  /// blocks that we said are missing, a question. Ours is an acknowledgement and an answer.
  private final class Answers {
    private final Set<Direction> directions;
    private final Summary summary;
    private final BlockSender sender;
    private final BlockReceiver receiver;
    private final Set<Reference> missing = ConcurrentHashMap.newKeySet();
    private boolean sent;
    private long sentLast;

    Answers(
        Set<Direction> directions, Summary summary, BlockSender sender, BlockReceiver receiver) {
      this.directions = directions;
      this.summary = summary;
      this.sender = sender;
      this.receiver = receiver;
    }

    /// @return the round trips, the greeting included
    int run() throws IOException {
      int roundTrips = 1;
      boolean more = true;
      while (more) {
        more = answer(hear());
        out.flush();
        roundTrips++;
      }
      return roundTrips;
    }

    private Question hear() throws IOException {
      if (sent) {
        MessageType.DURABLE.require(in);
        long durable = in.readCount();
        if (durable != sentLast) {
          throw in.malformed("%d blocks are durable, %d were sent".formatted(durable, sentLast));
        }
        sent = false;
      }
      if (!missing.isEmpty()) {
        MessageType.BLOCKS.require(in);
        long count = receiver.receive(missing::remove, missing.size());
        missing.clear(); // what is left over turned out to be no good
        MessageType.DURABLE.writeTo(out);
        out.writeNumber(count, Long.BYTES);
      }
      return Question.readFrom(in, MessageType.readFrom(in));
    }

    /// @return whether there is more to come
    private boolean answer(Question question) throws IOException {
      return switch (question) {
        case Question.Compare(Ranges ranges, int bits) -> {
          Digests digests = summary.children(ranges, bits);
          MessageType.DIGESTS.writeTo(out);
          for (int i = 0; i < digests.count(); i++) {
            out.writeDigest(digests.get(i));
          }
          yield true;
        }
        case Question.Have have -> {
          answerHave(have);
          yield true;
        }
        case Question.Bye _ -> {
          MessageType.BYE.writeTo(out);
          yield false;
        }
      };
    }

    private void answerHave(Question.Have have) throws IOException {
      boolean pull = directions.contains(Direction.PULL);
      if (pull) {
        MessageType.BLOCKS.writeTo(out);
      }
      var merge = new Merge(have, pull);
      RangeWalk.run(store.inventory(), have.ranges(), have.from(), merge::visit);
      if (pull) {
        sentLast = sender.end();
        sent = true;
      }
      if (directions.contains(Direction.PUSH)) {
        MessageType.HELD.writeTo(out);
        merge.writeHeld();
      }
    }

    /// What both sides hold in some ranges, side by side.
    private final class Merge {
      private final Question.Have have;
      private final List<Reference> listed;
      private final boolean sendOthers;
      private final BitSet held = new BitSet();
      private int next;
      private long left = summary.count() - sender.total(); // what was told of

      Merge(Question.Have have, boolean sendOthers) {
        this.have = have;
        this.listed = have.references();
        this.sendOthers = sendOthers;
      }

      boolean visit(Reference reference, BlockSize size) throws IOException {
        if (reference.compareTo(have.to()) > 0) {
          return false;
        }
        while (next < listed.size() && listed.get(next).compareTo(reference) < 0) {
          next++;
        }
        if (next < listed.size() && listed.get(next).equals(reference)) {
          held.set(next);
        } else if (sendOthers && left > 0) {
          sender.add(reference, size);
          left--;
        }
        return true;
      }

      void writeHeld() throws IOException {
        byte[] bits = new byte[Math.ceilDiv(listed.size(), Byte.SIZE)];
        byte[] set = held.toByteArray();
        System.arraycopy(set, 0, bits, 0, set.length);
        out.write(bits);
        for (int i = held.nextClearBit(0); i < listed.size(); i = held.nextClearBit(i + 1)) {
          missing.add(listed.get(i));
        }
      }
    }
  }
}
