package eris.stores;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockBatch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Some blocks of a page: read and verified by one thread, then told to the visitor by another.
final class PagePart implements Callable<PagePart> {
  private final List<Copy> copies;
  private final MemorySegment memory;
  private final VerifiedSource source;
  private final PageReader.Visitor visitor;
  private final @Nullable Outcome[] outcomes; // null: not read yet
  private long usedBytes;

  /// What an inventory tells of a block.
  record Copy(Reference reference, long sizeBytes) {}

  private sealed interface Outcome {
    record Sound(MemorySegment block) implements Outcome {}

    record Corrupt(CorruptBlock corrupt) implements Outcome {}

    record Unwanted() implements Outcome {}

    /// Deleted since it was listed.
    record Gone() implements Outcome {}
  }

  /// @param memory room for all of `copies` that have a block's size
  PagePart(
      List<Copy> copies, MemorySegment memory, VerifiedSource source, PageReader.Visitor visitor) {
    this.copies = copies;
    this.memory = memory;
    this.source = source;
    this.visitor = visitor;
    this.outcomes = new Outcome[copies.size()];
  }

  @Override
  public PagePart call() throws IOException {
    for (int i = 0; i < outcomes.length; i++) {
      if (!visitor.wants(copies.get(i).reference())) {
        outcomes[i] = new Outcome.Unwanted();
      }
    }
    for (BlockSize size : BlockSize.values()) {
      readBatch(size);
    }
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null) {
        outcomes[i] = readSingly(copies.get(i));
      }
    }
    return this;
  }

  private void readBatch(BlockSize size) throws IOException {
    int[] indices =
        IntStream.range(0, outcomes.length)
            .filter(i -> outcomes[i] == null && copies.get(i).sizeBytes() == size.bytes())
            .toArray();
    MemorySegment references = MemorySegment.ofArray(new byte[indices.length * Reference.BYTES]);
    for (int i = 0; i < indices.length; i++) {
      copies.get(indices[i]).reference().writeTo(references, (long) i * Reference.BYTES);
    }
    long batchBytes = (long) indices.length * size.bytes();
    var batch = new BlockBatch(size, memory.asSlice(usedBytes, batchBytes), references);
    usedBytes += batchBytes;
    BitSet sound = getAll(batch);
    sound.stream().forEach(i -> outcomes[indices[i]] = new Outcome.Sound(batch.block(i)));
  }

  /// None, if one of them is so bad that the store can't go on to the others.
  private BitSet getAll(BlockBatch batch) throws IOException {
    try {
      return source.getAll(batch);
    } catch (CorruptBlock _) {
      return new BitSet();
    }
  }

  private Outcome readSingly(Copy copy) throws IOException {
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    try {
      Optional<MemorySegment> block = source.get(copy.reference(), target);
      if (block.isPresent()) {
        return new Outcome.Sound(block.get());
      }
    } catch (CorruptBlock e) {
      return new Outcome.Corrupt(e);
    }
    return copy.sizeBytes() == 0
        ? new Outcome.Corrupt(new CorruptBlock(copy.reference(), "was bad and is set aside"))
        : new Outcome.Gone();
  }

  /// Tells the outcomes in order, after [#call].
  void tell(PageReader.Visitor listener) throws IOException {
    for (int i = 0; i < outcomes.length; i++) {
      Reference reference = copies.get(i).reference();
      switch (outcomes[i]) {
        case Outcome.Sound(MemorySegment block) -> listener.sound(reference, block);
        case Outcome.Corrupt(CorruptBlock corrupt) -> listener.corrupt(corrupt);
        case Outcome.Unwanted _ -> listener.unwanted(reference);
        case Outcome.Gone _ -> {}
        case null -> throw new IllegalStateException("told before it was read");
      }
    }
  }
}
