package eris.testkit;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockInventory;
import eris.store.BlockStore;
import eris.stores.sync.Direction;
import eris.stores.sync.Initiator;
import eris.stores.sync.Narrowing;
import eris.stores.sync.Responder;
import eris.stores.sync.SyncListener;
import eris.stores.sync.SyncResult;
import eris.stores.sync.SyncedStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Two stores and a session between them, over two pipes that can be cut.
final class SyncPair {
  static final Set<Direction> BOTH = Set.of(Direction.PUSH, Direction.PULL);

  private final SyncedStore left;
  private final SyncedStore right;
  private final ByteArrayOutputStream fromLeft = new ByteArrayOutputStream();
  private final ByteArrayOutputStream fromRight = new ByteArrayOutputStream();
  private final List<Reference> corrupt = new ArrayList<>();
  private Set<Direction> allowed = BOTH;
  private Narrowing narrowing = Narrowing.DEFAULT;
  private long leftLimit = Long.MAX_VALUE;
  private long rightLimit = Long.MAX_VALUE;

  /// How a session ended on both sides.
  ///
  /// @param result of the initiator, if it came to its end
  record Outcome(
      Optional<SyncResult> result, Optional<Exception> failure, Optional<Exception> peerFailure) {
    SyncResult sound() {
      failure.ifPresent(
          e -> {
            throw new AssertionError(e);
          });
      peerFailure.ifPresent(
          e -> {
            throw new AssertionError(e);
          });
      return result.orElseThrow();
    }
  }

  <L extends BlockStore & BlockInventory, R extends BlockStore & BlockInventory> SyncPair(
      L left, R right) {
    this(left, left, right, right);
  }

  SyncPair(
      BlockStore left,
      BlockInventory leftInventory,
      BlockStore right,
      BlockInventory rightInventory) {
    this.left = new SyncedStore(left, leftInventory, listener());
    this.right = new SyncedStore(right, rightInventory, listener());
  }

  SyncPair allowing(Set<Direction> directions) {
    allowed = directions;
    return this;
  }

  SyncPair narrowing(Narrowing other) {
    narrowing = other;
    return this;
  }

  /// The channel breaks when so many bytes went through.
  SyncPair cutAfter(long fromLeftBytes, long fromRightBytes) {
    leftLimit = fromLeftBytes;
    rightLimit = fromRightBytes;
    return this;
  }

  /// What the initiator sent in the last session.
  byte[] fromLeft() {
    return fromLeft.toByteArray();
  }

  byte[] fromRight() {
    return fromRight.toByteArray();
  }

  /// The corrupt blocks that either side told of.
  List<Reference> corrupt() {
    return corrupt;
  }

  Outcome run(Set<Direction> directions) throws Exception {
    fromLeft.reset();
    fromRight.reset();
    Pipe there = Pipe.open();
    Pipe back = Pipe.open();
    var peer = new Peer(there, back);
    Thread thread = Thread.ofPlatform().daemon().start(peer);
    Optional<SyncResult> result = Optional.empty();
    Optional<Exception> failure = Optional.empty();
    try (InputStream in = Channels.newInputStream(back.source());
        OutputStream out = new Tap(there.sink(), fromLeft, leftLimit);
        var initiator = new Initiator(left, directions, narrowing, new Random(1), in, out)) {
      result = Optional.of(initiator.run());
    } catch (IOException e) {
      failure = Optional.of(e);
    }
    thread.join();
    return new Outcome(result, failure, peer.failure);
  }

  private final class Peer implements Runnable {
    private final Pipe there;
    private final Pipe back;
    private Optional<Exception> failure = Optional.empty();

    Peer(Pipe there, Pipe back) {
      this.there = there;
      this.back = back;
    }

    @Override
    public void run() {
      try (InputStream in = Channels.newInputStream(there.source());
          OutputStream out = new Tap(back.sink(), fromRight, rightLimit)) {
        new Responder(right, allowed, in, out).run();
      } catch (Exception e) {
        failure = Optional.of(e);
      }
    }
  }

  private SyncListener listener() {
    return new SyncListener() {
      @Override
      public void sent(BlockSize size) {}

      @Override
      public void received(BlockSize size) {}

      @Override
      public void corrupt(CorruptBlock block) {
        synchronized (corrupt) {
          corrupt.add(block.reference());
        }
      }
    };
  }

  /// Writes to a pipe, keeps a copy, and breaks after some bytes.
  private static final class Tap extends OutputStream {
    private final Pipe.SinkChannel channel;
    private final OutputStream pipe;
    private final OutputStream copy;
    private long left;

    Tap(Pipe.SinkChannel channel, OutputStream copy, long limit) {
      this.channel = channel;
      this.pipe = Channels.newOutputStream(channel);
      this.copy = copy;
      this.left = limit;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      int some = (int) Math.min(count, left);
      pipe.write(bytes, from, some);
      copy.write(bytes, from, some);
      left -= some;
      if (some < count) {
        channel.close();
        throw new IOException("the cable was cut");
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
