package eris.stores.sync;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.MemoryBlockStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/// What one side of a session says, written beforehand, and the other side played to it: the sides
/// speak in turns, so no threads are needed.
final class Script {
  static final Set<Direction> BOTH = Set.of(Direction.PUSH, Direction.PULL);
  static final Salt SALT = Salt.random(new Random(1));

  private static final SyncListener SILENT =
      new SyncListener() {
        @Override
        public void sent(BlockSize size) {}

        @Override
        public void received(BlockSize size) {}

        @Override
        public void corrupt(CorruptBlock corrupt) {}
      };

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final SyncOutput out = SyncOutput.toFile(bytes);

  @FunctionalInterface
  interface Part {
    void writeTo(SyncOutput out) throws IOException;
  }

  Script say(Part part) {
    try {
      part.writeTo(out);
      out.flush();
      return this;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  Script hello(Set<Direction> directions, long count) {
    return say(
        to -> {
          new Hello(directions, SALT).writeTo(to);
          new SetSummary(count, new SetDigest(7, 7)).writeTo(to);
        });
  }

  Script hex(String digits) {
    return say(to -> to.write(HexFormat.of().parseHex(digits)));
  }

  /// A stream of blocks with a true end mark.
  Script blocks(MemorySegment... blocks) {
    return say(
        to -> {
          MessageType.BLOCKS.writeTo(to);
          SetDigest digest = SetDigest.EMPTY;
          for (MemorySegment block : blocks) {
            to.writeNumber(BlockSize.of(block).code(), 1);
            to.writeBlock(block);
            digest = digest.plus(SALT.digest(Reference.of(block)));
          }
          to.writeNumber(BlockSender.END, 1);
          to.writeNumber(blocks.length, Long.BYTES);
          to.writeDigest(digest);
        });
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  static byte[] respond(MemoryBlockStore store, byte[] said) throws IOException {
    var answers = new ByteArrayOutputStream();
    try {
      new Responder(synced(store), BOTH, new ByteArrayInputStream(said), answers).run();
      return answers.toByteArray();
    } catch (IOException e) {
      e.addSuppressed(new Answered(answers.toByteArray()));
      throw e;
    }
  }

  static byte[] initiate(MemoryBlockStore store, Set<Direction> directions, byte[] answers)
      throws IOException {
    var said = new ByteArrayOutputStream();
    try (var initiator =
        new Initiator(
            synced(store), directions, new Random(1), new ByteArrayInputStream(answers), said)) {
      initiator.run();
    }
    return said.toByteArray();
  }

  static SyncedStore synced(MemoryBlockStore store) {
    return new SyncedStore(store, store, SILENT);
  }

  static MemorySegment block(BlockSize size, long seed) {
    byte[] bytes = new byte[size.bytes()];
    new SplittableRandom(seed).nextBytes(bytes);
    return MemorySegment.ofArray(bytes);
  }

  static MemoryBlockStore store(int from, int to) {
    var store = new MemoryBlockStore();
    for (int i = from; i < to; i++) {
      MemorySegment block = block(BlockSize.KIB_1, i);
      store.put(Reference.of(block), block);
    }
    return store;
  }

  /// What a responder said before it failed.
  static final class Answered extends Exception {
    private static final long serialVersionUID = 1;
    final transient byte[] bytes;

    Answered(byte[] bytes) {
      this.bytes = bytes;
    }
  }
}
