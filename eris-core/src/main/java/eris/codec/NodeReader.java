package eris.codec;

import eris.BlockSize;
import eris.Dialect;
import eris.ErisException.CorruptBlock;
import eris.ErisException.MissingBlock;
import eris.Key;
import eris.Reference;
import eris.ReferenceKeyPair;
import eris.kernel.BlockKernel;
import eris.kernel.ScalarKernel;
import eris.store.BlockBatch;
import eris.store.BlockSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Optional;

/// Fetches blocks, verifies them, and only then decrypts them (ERIS 1.0.0, Dereference-Node). What
/// leaves here is authentic. Not safe for concurrent use.
final class NodeReader {
  private final BlockKernel kernel = BlockKernel.best();
  private final MemorySegment fetched = Arena.ofAuto().allocate(BlockSize.MAX_BYTES, 64);
  private final MemorySegment key = MemorySegment.ofArray(new byte[Key.BYTES]);
  private final BlockSource source;
  private final BlockSize blockSize;
  private MemorySegment digests = MemorySegment.NULL;
  private long blocksRead;

  NodeReader(BlockSource source, BlockSize blockSize) {
    this.source = source;
    this.blockSize = blockSize;
  }

  /// Reads a block as it is stored. The result is valid until the next call.
  ///
  /// @throws MissingBlock if the source does not hold it
  /// @throws CorruptBlock if it has another size or does not hash to `reference`
  MemorySegment readBlock(Reference reference) throws IOException {
    Optional<MemorySegment> held = source.get(reference, fetched);
    MemorySegment block = held.orElseThrow(() -> new MissingBlock(reference));
    blocksRead++;
    if (block.byteSize() != blockSize.bytes()) {
      throw new CorruptBlock(
          reference, "holds %d bytes, want %d".formatted(block.byteSize(), blockSize.bytes()));
    }
    if (!Reference.of(block).equals(reference)) {
      throw new CorruptBlock(reference, "does not hash to its reference");
    }
    return block;
  }

  /// Reads a node into `target`, one block long.
  ///
  /// @throws MissingBlock if the source does not hold it
  /// @throws CorruptBlock if it has another size or does not hash to its reference
  void readNode(ReferenceKeyPair pair, int level, Dialect dialect, MemorySegment target)
      throws IOException {
    target.copyFrom(readBlock(pair.reference()));
    decrypt(target, pair.key(), level, dialect);
  }

  /// Reads the blocks of `batch`, each into its place, and returns the indices of those that are
  /// held and authentic. For any other, [#readBlock] tells what is wrong with it.
  BitSet readBlocks(BlockBatch batch) throws IOException {
    BitSet authentic = source.getAll(batch);
    MemorySegment hashes = hash(batch.blocks(), batch.count());
    for (int i = authentic.nextSetBit(0); i >= 0; i = authentic.nextSetBit(i + 1)) {
      long from = (long) i * Reference.BYTES;
      long to = from + Reference.BYTES;
      if (MemorySegment.mismatch(hashes, from, to, batch.references(), from, to) >= 0) {
        authentic.clear(i);
      }
    }
    blocksRead += authentic.cardinality();
    return authentic;
  }

  /// Reads the blocks of `batch` as nodes, each into its place, up to the first that cannot be read.
  ///
  /// @return how many were read
  int readNodes(BlockBatch batch, MemorySegment pairs, int level, Dialect dialect)
      throws IOException {
    if (!isKernelNonce(level, dialect)) {
      int authentic = readBlocks(batch).nextClearBit(0);
      for (int i = 0; i < authentic; i++) {
        Key blockKey = ReferenceKeyPair.readFrom(pairs, (long) i * ReferenceKeyPair.BYTES).key();
        decrypt(batch.block(i), blockKey, level, dialect);
      }
      return authentic;
    }
    int held = source.getAll(batch).nextClearBit(0);
    int read =
        held == 0
            ? 0
            : kernel.decrypt(
                batch.blocks().asSlice(0, (long) held * blockSize.bytes()),
                blockSize.bytes(),
                pairs,
                level);
    blocksRead += read;
    return read;
  }

  /// Whether nodes of `level` are encrypted as 1.0.0 does it, which kernels know.
  private static boolean isKernelNonce(int level, Dialect dialect) {
    return level == 0
        || switch (dialect) {
          case V1_0_0, V0_4_0 -> true;
          case V0_4_0_MAY_2022, V0_4_0_JANUARY_2022, V0_3_0, V0_2_0 -> false;
        };
  }

  /// How many of `nodes`, counted from the first one, hash to their keys in `pairs`.
  int countOwnKeys(MemorySegment nodes, MemorySegment pairs) {
    int count = (int) (nodes.byteSize() / blockSize.bytes());
    MemorySegment hashes = hash(nodes, count);
    for (int i = 0; i < count; i++) {
      long hash = (long) i * Key.BYTES;
      long key = (long) i * ReferenceKeyPair.BYTES + Reference.BYTES;
      if (MemorySegment.mismatch(hashes, hash, hash + Key.BYTES, pairs, key, key + Key.BYTES)
          >= 0) {
        return i;
      }
    }
    return count;
  }

  private MemorySegment hash(MemorySegment blocks, int count) {
    if (digests.byteSize() < (long) count * Reference.BYTES) {
      digests = Arena.ofAuto().allocate((long) count * Reference.BYTES, 64);
    }
    kernel.hash(blocks, blockSize.bytes(), BlockKernel.UNKEYED, digests, Reference.BYTES);
    return digests;
  }

  /// How many blocks the source has given.
  long blocksRead() {
    return blocksRead;
  }

  void decrypt(MemorySegment block, Key blockKey, int level, Dialect dialect) {
    blockKey.writeTo(key, 0);
    if (isKernelNonce(level, dialect)) {
      kernel.applyKeystream(block, key, level);
    } else {
      ScalarKernel.INSTANCE.applyKeystream(block, key, dialect.nonce(level));
    }
  }

  /// The hash of a decrypted node, from which its key was derived.
  Key keyOf(MemorySegment node, MemorySegment hashKey) {
    kernel.hash(node, blockSize.bytes(), hashKey, key, Key.BYTES);
    return Key.readFrom(key, 0);
  }
}
