package eris.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Works on a group of blocks at once, one in each 64-bit lane of a vector, from the first hash to
/// the last: see [Blake2bLanes], [ChaCha20Lanes], and [Transposition] for the way into lanes and out.
///
/// A group goes through all steps while it is in the cache, and the second hash takes the encrypted
/// words as they are. A group that is not full repeats its last block in the lanes left over: each of
/// them reads, and writes, the same. A lone block, and what lies on the heap, goes to the
/// [ScalarKernel]: a lane alone is no faster.
final class VectorKernel implements BlockKernel {
  private static final int LANES = Lanes.COUNT;
  private static final ValueLayout.OfLong WORD =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt HALF_WORD =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ScalarKernel scalar = ScalarKernel.INSTANCE;
  private final Pool<Group> groups = new Pool<>(Group::new);

  @Override
  public String name() {
    return "vector" + Lanes.LONGS.vectorBitSize();
  }

  @Override
  public void hash(
      MemorySegment blocks,
      int blockBytes,
      MemorySegment key,
      MemorySegment digests,
      long strideBytes) {
    if (!fits(blocks, blockBytes)) {
      scalar.hash(blocks, blockBytes, key, digests, strideBytes);
      return;
    }
    int count = (int) (blocks.byteSize() / blockBytes);
    Group group = groups.take();
    for (int first = 0; first < count; first += LANES) {
      group.select(blocks, blockBytes, first, count);
      group.start(key);
      group.hash();
      group.digestTo(digests, strideBytes, 0);
    }
    groups.give(group);
  }

  private static boolean fits(MemorySegment blocks, int blockBytes) {
    return blocks.isNative()
        && blocks.byteSize() > blockBytes
        && blockBytes % Blake2b.CHUNK_BYTES == 0;
  }

  @Override
  public void applyKeystream(MemorySegment block, MemorySegment key, int level) {
    scalar.applyKeystream(block, key, level);
  }

  @Override
  public void encrypt(
      MemorySegment nodes, int blockBytes, MemorySegment hashKey, int level, MemorySegment pairs) {
    if (!fits(nodes, blockBytes)) {
      scalar.encrypt(nodes, blockBytes, hashKey, level, pairs);
      return;
    }
    int count = (int) (nodes.byteSize() / blockBytes);
    Group group = groups.take();
    for (int first = 0; first < count; first += LANES) {
      group.select(nodes, blockBytes, first, count);
      group.start(hashKey);
      group.hash();
      group.digestTo(pairs, PAIR_BYTES, DIGEST_BYTES);
      group.takeKeys(pairs);
      group.start(UNKEYED);
      group.encryptAndHash(level);
      group.digestTo(pairs, PAIR_BYTES, 0);
    }
    groups.give(group);
  }

  @Override
  public int decrypt(MemorySegment blocks, int blockBytes, MemorySegment pairs, int level) {
    if (!fits(blocks, blockBytes)) {
      return scalar.decrypt(blocks, blockBytes, pairs, level);
    }
    int count = (int) (blocks.byteSize() / blockBytes);
    Group group = groups.take();
    int authentic = 0;
    while (authentic < count) {
      group.select(blocks, blockBytes, authentic, count);
      group.start(UNKEYED);
      group.hash();
      int good = group.countAuthentic(pairs);
      if (good > 0) {
        group.takeKeys(pairs);
        group.decrypt(level);
        authentic += good;
      }
      if (good < group.count) {
        break;
      }
    }
    groups.give(group);
    return authentic;
  }

  /// The blocks in the lanes, and the memory to work on them.
  private static final class Group {
    private final long[] lanes = new long[LANES]; // where the block of each lane starts
    private final long[] state = new long[Blake2b.STATE_WORDS * LANES];
    private final long[] message = new long[Blake2b.CHUNK_WORDS * LANES];
    private final int[] keys = new int[ChaCha20Lanes.KEY_WORDS * 2 * LANES];
    private final int[] stream = new int[ChaCha20Lanes.STATE_WORDS * 2 * LANES];
    private MemorySegment blocks = MemorySegment.NULL;
    private int blockBytes;
    private int first; // index of the block in lane 0
    private int count; // lanes with blocks of their own
    private long hashedBytes;

    void select(MemorySegment blocks, int blockBytes, int first, int blockCount) {
      this.blocks = blocks;
      this.blockBytes = blockBytes;
      this.first = first;
      count = Math.min(LANES, blockCount - first);
      for (int lane = 0; lane < LANES; lane++) {
        lanes[lane] = (long) (first + Math.min(lane, count - 1)) * blockBytes;
      }
    }

    void start(MemorySegment key) {
      int keyBytes = (int) key.byteSize();
      Blake2bLanes.start(state, keyBytes);
      hashedBytes = 0;
      if (keyBytes > 0) {
        Arrays.fill(message, 0);
        for (int i = 0; i < Blake2b.DIGEST_WORDS; i++) {
          Arrays.fill(message, i * LANES, (i + 1) * LANES, key.get(WORD, (long) i * Long.BYTES));
        }
        hashedBytes = Blake2b.CHUNK_BYTES;
        Blake2bLanes.compress(state, message, hashedBytes, 0);
      }
    }

    void hash() {
      for (int offset = 0; offset < blockBytes; offset += Blake2b.CHUNK_BYTES) {
        Transposition.in(blocks, lanes, offset, message);
        compress(offset);
      }
    }

    void encryptAndHash(int level) {
      for (int offset = 0; offset < blockBytes; offset += Blake2b.CHUNK_BYTES) {
        applyKeystream(offset, level);
        compress(offset);
        Transposition.out(message, blocks, lanes, offset);
      }
    }

    void decrypt(int level) {
      for (int offset = 0; offset < blockBytes; offset += Blake2b.CHUNK_BYTES) {
        applyKeystream(offset, level);
        Transposition.out(message, blocks, lanes, offset);
      }
    }

    private void applyKeystream(int offset, int level) {
      ChaCha20Lanes.keystream(keys, offset / ChaCha20Lanes.UNIT_BYTES, level, stream);
      Transposition.in(blocks, lanes, offset, message);
      ChaCha20Lanes.xor(stream, message);
    }

    private void compress(int offset) {
      hashedBytes += Blake2b.CHUNK_BYTES;
      boolean last = offset + Blake2b.CHUNK_BYTES == blockBytes;
      Blake2bLanes.compress(state, message, hashedBytes, last ? Blake2b.LAST : 0);
    }

    void digestTo(MemorySegment target, long strideBytes, long offset) {
      for (int lane = 0; lane < count; lane++) {
        long at = (first + lane) * strideBytes + offset;
        for (int i = 0; i < Blake2b.DIGEST_WORDS; i++) {
          target.set(WORD, at + (long) i * Long.BYTES, state[i * LANES + lane]);
        }
      }
    }

    /// How many blocks, counted from the first one, hash to their references.
    int countAuthentic(MemorySegment pairs) {
      for (int lane = 0; lane < count; lane++) {
        long at = (long) (first + lane) * PAIR_BYTES;
        for (int i = 0; i < Blake2b.DIGEST_WORDS; i++) {
          if (pairs.get(WORD, at + (long) i * Long.BYTES) != state[i * LANES + lane]) {
            return lane;
          }
        }
      }
      return count;
    }

    void takeKeys(MemorySegment pairs) {
      for (int lane = 0; lane < LANES; lane++) {
        long at = (long) (first + Math.min(lane, count - 1)) * PAIR_BYTES + DIGEST_BYTES;
        for (int i = 0; i < ChaCha20Lanes.KEY_WORDS; i++) {
          int word = pairs.get(HALF_WORD, at + (long) i * Integer.BYTES);
          keys[(i * LANES + lane) * 2] = word;
          keys[(i * LANES + lane) * 2 + 1] = word;
        }
      }
    }
  }
}
