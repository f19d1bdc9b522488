package eris.codec;

import eris.Reference;
import eris.store.BlockSink;
import eris.store.BlockSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Blocks that tests can look at, count and spoil. Holds whatever it is given under any reference.
final class BlockMap implements BlockSource, BlockSink {
  final SortedMap<Reference, byte[]> blocks = new TreeMap<>();
  long gets;

  BlockMap() {}

  private BlockMap(SortedMap<Reference, byte[]> blocks) {
    this.blocks.putAll(blocks);
  }

  /// Another map with the same blocks.
  BlockMap copy() {
    return new BlockMap(blocks);
  }

  /// The bytes that are held for `reference`, as they are: changing them changes the block.
  byte[] block(Reference reference) {
    return Objects.requireNonNull(blocks.get(reference));
  }

  @Override
  public void put(Reference reference, MemorySegment block) {
    blocks.put(reference, block.toArray(ValueLayout.JAVA_BYTE));
  }

  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    gets++;
    byte[] block = blocks.get(reference);
    return block == null
        ? Optional.empty()
        : Optional.of(target.asSlice(0, block.length).copyFrom(MemorySegment.ofArray(block)));
  }
}
