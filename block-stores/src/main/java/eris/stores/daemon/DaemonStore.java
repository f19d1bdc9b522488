package eris.stores.daemon;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockInventory;
import eris.store.BlockStore;
import eris.store.StoreException;
import eris.stores.Backoff;
import eris.stores.Clock;
import eris.stores.batch.BatchFailure;
import eris.stores.batch.BatchItem;
import eris.stores.batch.BatchReader;
import eris.stores.batch.BatchWriter;
import eris.stores.batch.EndMark;
import eris.stores.batch.MalformedBatch;
import eris.stores.batch.StreamDigest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A store of this machine that a daemon holds: what changes it, and what must see the changes, goes
/// through the daemon's socket (`docs/formats/batch.md`); what the store holds is told by the store
/// itself, opened to read.
///
/// Every put is durable when it returns, so there is nothing left to sync.
public final class DaemonStore implements BlockStore, BlockInventory {
  private static final int MOST_REFERENCES = BatchReader.MOST_BYTES / Reference.BYTES;

  private final String name;
  private final DaemonClient client;
  private final Opening opening;
  private @Nullable BlockStore reading; // guarded by this

  /// Opens the store to read.
  @FunctionalInterface
  public interface Opening {
    BlockStore open() throws IOException;
  }

  /// Connects to nothing yet.
  ///
  /// @param name of the store, for messages
  public DaemonStore(Path socket, String name, Opening opening) {
    this.name = name;
    this.opening = opening;
    client = new DaemonClient(socket, new Backoff(Clock.SYSTEM, new Random()));
  }

  /// @throws CorruptBlock if the daemon has a corrupt copy, or gives another block
  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    MemorySegment references = MemorySegment.ofArray(new byte[Reference.BYTES]);
    reference.writeTo(references, 0);
    return fetch(
        references,
        reader -> {
          byte[] buffer = new byte[BatchReader.MOST_BYTES];
          Optional<MemorySegment> block =
              switch (reader.next(buffer)) {
                case BatchItem.Bytes(int count) -> {
                  MemorySegment bytes = MemorySegment.ofArray(buffer).asSlice(0, count);
                  if (!Reference.of(bytes).equals(reference)) {
                    throw new CorruptBlock(reference, "does not hash to its reference");
                  }
                  yield Optional.of(target.asSlice(0, count).copyFrom(bytes));
                }
                case BatchItem.Missing _ -> Optional.empty();
                case BatchItem.Unreadable _ ->
                    throw new CorruptBlock(reference, "as the daemon that holds it says");
                case BatchItem other -> throw unexpected(other);
              };
          var digest = new StreamDigest();
          block.ifPresent(_ -> digest.add(reference));
          requireEnd(reader, digest.endMark());
          return block;
        });
  }

  @Override
  public BitSet getAll(BlockBatch batch) throws IOException {
    return fetch(batch.references(), reader -> readAll(reader, batch));
  }

  private BitSet readAll(BatchReader reader, BlockBatch batch) throws IOException {
    var held = new BitSet(batch.count());
    var digest = new StreamDigest();
    byte[] buffer = new byte[BatchReader.MOST_BYTES];
    for (int i = 0; i < batch.count(); i++) {
      switch (reader.next(buffer)) {
        case BatchItem.Bytes(int count) -> {
          MemorySegment bytes = MemorySegment.ofArray(buffer).asSlice(0, count);
          Reference hash = Reference.of(bytes);
          digest.add(hash);
          if (count == batch.blockSize().bytes() && hash.equals(batch.reference(i))) {
            batch.block(i).copyFrom(bytes);
            held.set(i);
          }
        }
        case BatchItem.Missing _, BatchItem.Unreadable _ -> {}
        case BatchItem other -> throw unexpected(other);
      }
    }
    requireEnd(reader, digest.endMark());
    return held;
  }

  /// What is read of the stream in an answer.
  @FunctionalInterface
  private interface StreamReading<T> {
    T read(BatchReader reader) throws IOException;
  }

  private <T> T fetch(MemorySegment references, StreamReading<T> reading) throws IOException {
    return ask("/eris/v1/fetch", references, reading);
  }

  @Override
  public boolean contains(Reference reference) throws IOException {
    MemorySegment references = MemorySegment.ofArray(new byte[Reference.BYTES]);
    reference.writeTo(references, 0);
    return ask(
        "/eris/v1/have",
        references,
        reader -> {
          byte[] buffer = new byte[BatchReader.MOST_BYTES];
          if (!(reader.next(buffer) instanceof BatchItem.Bytes(int count)) || count != 1) {
            throw new MalformedBatch("want a bit");
          }
          var digest = new StreamDigest();
          digest.add(Reference.of(MemorySegment.ofArray(buffer).asSlice(0, 1)));
          requireEnd(reader, digest.endMark());
          return buffer[0] == 1;
        });
  }

  private <T> T ask(String path, MemorySegment references, StreamReading<T> reading)
      throws IOException {
    var body = new ByteArrayOutputStream();
    var writer = new BatchWriter(body);
    long itemBytes = (long) MOST_REFERENCES * Reference.BYTES;
    for (long at = 0; at < references.byteSize(); at += itemBytes) {
      writer.bytes(references.asSlice(at, Math.min(itemBytes, references.byteSize() - at)));
    }
    writer.end();
    return client.post(path, body.size(), body::writeTo, answer -> read(answer, reading));
  }

  private <T> T read(HttpAnswer answer, StreamReading<T> reading) throws IOException {
    if (answer.status() != 200) {
      throw failure(answer);
    }
    return reading.read(new BatchReader(answer.body()));
  }

  /// Returns when the block is durable.
  @Override
  public void put(Reference reference, MemorySegment block) throws IOException {
    MemorySegment references = MemorySegment.ofArray(new byte[Reference.BYTES]);
    reference.writeTo(references, 0);
    putAll(new BlockBatch(BlockSize.of(block), block, references));
  }

  /// Returns when all are durable.
  @Override
  public void putAll(BlockBatch batch) throws IOException {
    long length =
        batch.count() * BatchWriter.sizeOf(batch.blockSize().bytes())
            + BatchWriter.sizeOfEnd(batch.count());
    client.post(
        "/eris/v1/blocks",
        length,
        out -> {
          var writer = new BatchWriter(out);
          for (int i = 0; i < batch.count(); i++) {
            writer.block(batch.reference(i), batch.block(i));
          }
          writer.end();
        },
        answer -> read(answer, reader -> readAcknowledgements(reader, batch)));
  }

  private long readAcknowledgements(BatchReader reader, BlockBatch batch) throws IOException {
    byte[] buffer = new byte[BatchReader.MOST_BYTES];
    long durable = 0;
    while (true) {
      switch (reader.next(buffer)) {
        case BatchItem.Durable(long count) -> durable = count;
        case BatchItem.End(EndMark(long count, var _)) -> {
          if (count != batch.count() || durable != count) {
            throw new MalformedBatch("%d blocks are durable of %d".formatted(count, batch.count()));
          }
          return count;
        }
        case BatchItem other -> throw unexpected(other);
      }
    }
  }

  private void requireEnd(BatchReader reader, EndMark mark) throws IOException {
    switch (reader.next(new byte[BatchReader.MOST_BYTES])) {
      case BatchItem.End(EndMark theirs) when theirs.equals(mark) -> reader.requireEnd();
      case BatchItem.End _ -> throw new MalformedBatch("the end mark is of other items");
      case BatchItem other -> throw unexpected(other);
    }
  }

  private IOException unexpected(BatchItem item) {
    return item instanceof BatchItem.Failed(BatchFailure reason)
        ? failure(reason)
        : new MalformedBatch("an item that is not due");
  }

  private IOException failure(BatchFailure reason) {
    return switch (reason) {
      case FULL, QUOTA ->
          new StoreException.Full(name, new IOException(client.daemon() + " says so"));
      case READ_ONLY -> new StoreException.ReadOnly(name);
      case MALFORMED, RATE, FAILED ->
          new IOException("%s answers: %s".formatted(client.daemon(), reason.toText()));
    };
  }

  private IOException failure(HttpAnswer answer) throws IOException {
    String line = answer.line();
    return switch (answer.status()) {
      case 405 -> new StoreException.ReadOnly(name);
      case 507 -> new StoreException.Full(name, new IOException(client.daemon() + ": " + line));
      default ->
          new IOException("%s answers %d: %s".formatted(client.daemon(), answer.status(), line));
    };
  }

  /// Has nothing to do: what the daemon has acknowledged is durable.
  @Override
  public void sync() throws IOException {
    client.requireOpen();
  }

  /// Tells what the store held when this was first called.
  @Override
  public void forEach(Reference from, Visitor visitor) throws IOException {
    if (!(reading() instanceof BlockInventory inventory)) {
      throw new IOException("store %s cannot tell what it holds".formatted(name));
    }
    inventory.forEach(from, visitor);
  }

  private synchronized BlockStore reading() throws IOException {
    if (reading == null) {
      reading = opening.open();
    }
    return reading;
  }

  @Override
  public void close() throws IOException {
    client.close();
    synchronized (this) {
      if (reading != null) {
        reading.close();
      }
    }
  }
}
