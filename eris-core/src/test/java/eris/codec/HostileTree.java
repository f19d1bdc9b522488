package eris.codec;

import eris.BlockSize;
import eris.ReadCapability;
import eris.Reference;
import eris.ReferenceKeyPair;
import eris.kernel.BlockKernel;
import eris.store.BlockSource;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A tree built by instructions from somebody who wants to harm its readers, with real encryption
/// and real hashes. Nodes are made from the leaves up and may hold the pairs of any made before, so
/// trees with shared, repeated, misplaced and unfinished nodes are a few bytes away.
///
/// ```
/// header: block size (1 = 32 KiB), level of the capability, root key flip (0 = right)
/// then per node: level to encrypt for, fate of the block, and steps until one is END
///   END    0            the rest of the node is zeros
///   PAIRS  1 node n     n + 1 times the pair of an earlier node
///   FILL   2 byte n     n + 1 times a byte
///   ALL    3 node       as PAIRS, up to the end of the node
///   PAD    4            the padding mark, then END
/// ```
///
/// The last node is the root.
final class HostileTree implements BlockSource {
  private static final int MAX_NODES = 24;

  private final Map<Reference, byte[]> blocks = new HashMap<>();
  private final List<byte[]> pairs = new ArrayList<>();
  private final ByteBuffer instructions;
  private final BlockSize blockSize;
  private final ReadCapability capability;
  private int reads;

  HostileTree(byte[] instructions) {
    this.instructions = ByteBuffer.wrap(instructions);
    this.blockSize = next() == 1 ? BlockSize.KIB_32 : BlockSize.KIB_1;
    int level = next();
    int rootKeyFlip = next();
    do {
      addNode();
    } while (this.instructions.hasRemaining() && pairs.size() < MAX_NODES);
    byte[] root = pairs.getLast();
    root[Reference.BYTES] ^= (byte) rootKeyFlip;
    this.capability =
        new ReadCapability(
            blockSize, level, ReferenceKeyPair.readFrom(MemorySegment.ofArray(root), 0));
  }

  ReadCapability capability() {
    return capability;
  }

  /// How often a block was asked for.
  int reads() {
    return reads;
  }

  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) {
    reads++;
    return Optional.ofNullable(blocks.get(reference))
        .map(block -> target.asSlice(0, block.length).copyFrom(MemorySegment.ofArray(block)));
  }

  private void addNode() {
    int level = next() % 16;
    int fate = next();
    byte[] block = new byte[blockSize.bytes()];
    fill(ByteBuffer.wrap(block));
    byte[] pair = new byte[ReferenceKeyPair.BYTES];
    BlockKernel.best()
        .encrypt(
            MemorySegment.ofArray(block),
            block.length,
            BlockKernel.UNKEYED,
            level,
            MemorySegment.ofArray(pair));
    pairs.add(pair);
    store(Reference.readFrom(MemorySegment.ofArray(pair), 0), block, fate);
  }

  private void store(Reference reference, byte[] block, int fate) {
    switch (fate) {
      case 1 -> {} // missing
      case 2 -> {
        block[block.length / 2] ^= 1;
        blocks.put(reference, block);
      }
      case 3 -> blocks.put(reference, new byte[fate]);
      case 4 -> blocks.put(reference, new byte[BlockSize.MAX_BYTES]);
      default -> blocks.put(reference, block);
    }
  }

  private void fill(ByteBuffer node) {
    while (node.hasRemaining()) {
      switch (next()) {
        case 1 -> putPairs(node, next(), next() + 1);
        case 2 -> putBytes(node, (byte) next(), next() + 1);
        case 3 -> putPairs(node, next(), Integer.MAX_VALUE);
        case 4 -> {
          node.put(Padding.MARK);
          return;
        }
        default -> {
          return;
        }
      }
    }
  }

  private void putPairs(ByteBuffer node, int index, int times) {
    if (pairs.isEmpty()) {
      return;
    }
    byte[] pair = pairs.get(index % pairs.size());
    for (int i = 0; i < times && node.remaining() >= pair.length; i++) {
      node.put(pair);
    }
  }

  private static void putBytes(ByteBuffer node, byte value, int times) {
    for (int i = 0; i < times && node.hasRemaining(); i++) {
      node.put(value);
    }
  }

  /// The next byte; after the last one zeros.
  private int next() {
    return instructions.hasRemaining() ? Byte.toUnsignedInt(instructions.get()) : 0;
  }
}
