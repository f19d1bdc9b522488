package eris.stores.sync;

import eris.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Blocks in a file, to be carried from one store to another: the stream of blocks of a session,
/// with its end mark.
public final class BlockFile {
  private BlockFile() {}

  /// Writes all blocks of a store that another one does not hold.
  ///
  /// @param held what the other one holds, as [HaveFile] writes it; empty if nothing is known of it
  /// @throws MalformedSync if `held` is no whole such file: then what was written is of no use
  public static SyncResult write(
      SyncedStore from, Optional<InputStream> held, RandomGenerator random, OutputStream to)
      throws IOException {
    var out = SyncOutput.toFile(to);
    Salt salt = FileHeader.write(FileHeader.BLOCKS, random, out);
    Optional<HaveFile.Reader> others =
        held.isPresent() ? Optional.of(new HaveFile.Reader(held.get())) : Optional.empty();
    try (var sender = new BlockSender(from, salt, out)) {
      from.inventory()
          .forEach(
              Reference.LEAST,
              (reference, size) -> {
                if (others.isEmpty() || !others.get().holds(reference)) {
                  sender.add(reference, size);
                }
              });
      if (others.isPresent()) {
        others.get().finish();
      }
      sender.end();
      out.flush();
      return new SyncResult(sender.total(), 0, out.position(), 0, 0);
    }
  }

  /// Puts the blocks of a file into a store, and returns when they are durable.
  ///
  /// @throws MalformedSync if `from` is no whole such file; what was whole is in the store
  public static SyncResult read(InputStream from, SyncedStore to) throws IOException {
    var in = new SyncInput(from);
    try {
      Salt salt = FileHeader.read(FileHeader.BLOCKS, "blocks", in);
      try (var receiver = new BlockReceiver(to, salt, in)) {
        receiver.receive(_ -> true, Long.MAX_VALUE);
        in.requireEnd();
        return new SyncResult(0, receiver.total(), 0, in.position(), 0);
      }
    } catch (PeerGone e) {
      throw in.cut(e);
    }
  }
}
