package eris.codec;

import eris.BlockSize;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The internal nodes that a reader at random met last, decrypted. Empty while reading is in order.
final class NodeCache {
  private static final int MAX_BYTES = 4 << 20;

  private final LinkedHashMap<Place, MemorySegment> nodes;

  private record Place(int level, long index) {}

  NodeCache(BlockSize blockSize) {
    int maxNodes = MAX_BYTES / blockSize.bytes();
    nodes =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Place, MemorySegment> eldest) {
            return size() > maxNodes;
          }
        };
  }

  Optional<MemorySegment> get(int level, long index) {
    return Optional.ofNullable(nodes.get(new Place(level, index)));
  }

  /// Keeps a copy of `node`.
  void put(int level, long index, MemorySegment node) {
    nodes.put(
        new Place(level, index),
        MemorySegment.ofArray(new byte[(int) node.byteSize()]).copyFrom(node));
  }
}
