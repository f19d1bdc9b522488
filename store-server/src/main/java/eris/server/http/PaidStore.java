package eris.server.http;

import eris.Reference;
import eris.server.access.Budgets;
import eris.server.blocks.BlockService;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import eris.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Optional;

/// The daemon's store as one session sees it: what is put is paid for. What is got is not verified,
/// so whoever gets it does that.
final class PaidStore implements BlockStore {
  private final BlockService blocks;
  private final Payer payer;

  PaidStore(BlockService blocks, Payer payer) {
    this.blocks = blocks;
    this.payer = payer;
  }

  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    return blocks.store().get(reference, target);
  }

  @Override
  public BitSet getAll(BlockBatch batch) throws IOException {
    return blocks.store().getAll(batch);
  }

  @Override
  public void put(Reference reference, MemorySegment block) throws IOException {
    throw new UnsupportedOperationException("sessions put many at once");
  }

  /// Puts as many blocks as can be paid for.
  ///
  /// @throws StoreException.Full if those are not all
  @Override
  public void putAll(BlockBatch batch) throws IOException {
    int paid = 0;
    Optional<Payer.Refused> refused = Optional.empty();
    while (paid < batch.count() && refused.isEmpty()) {
      try {
        payer.pay(batch.blockSize().bytes());
        paid++;
      } catch (Payer.Refused e) {
        refused = Optional.of(e);
      }
    }
    putPaid(first(batch, paid));
    if (refused.isPresent()) {
      throw reason(refused.get());
    }
  }

  private static BlockBatch first(BlockBatch batch, int count) {
    return new BlockBatch(
        batch.blockSize(),
        batch.blocks().asSlice(0, (long) count * batch.blockSize().bytes()),
        batch.references().asSlice(0, (long) count * Reference.BYTES));
  }

  private void putPaid(BlockBatch batch) throws IOException {
    if (batch.count() == 0) {
      return;
    }
    try {
      blocks.putAll(batch);
    } catch (IOException e) {
      payer.refund(batch.blocks().byteSize());
      throw e;
    }
  }

  private static StoreException reason(Payer.Refused refused) {
    return refused.answer() instanceof Budgets.Answer.TooFast
        ? new StoreException.Refused("of the daemon", "the account puts too fast")
        : new StoreException.Full("of the account", refused);
  }

  @Override
  public boolean contains(Reference reference) throws IOException {
    return blocks.contains(reference);
  }

  @Override
  public void sync() throws IOException {
    blocks.sync();
  }

  /// The daemon's to close.
  @Override
  public void close() {}
}
