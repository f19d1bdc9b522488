package eris;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// The two block sizes of ERIS 1.0.0. All blocks of one encoding have the same.
public enum BlockSize {
  KIB_1(0x0a, 14),
  KIB_32(0x0f, 6);

  /// The largest block there is, and so the buffer that holds any.
  public static final int MAX_BYTES = 1 << 15;

  /// Below this many bytes of content, 1 KiB blocks are recommended (ERIS 1.0.0, choice of block
  /// size): the tree has at most one internal node.
  public static final int AUTO_THRESHOLD_BYTES = 16 * 1024;

  private final int code;
  private final int maxLevel;

  BlockSize(int code, int maxLevel) {
    this.code = code;
    this.maxLevel = maxLevel;
  }

  /// The first byte of a read capability: the binary logarithm of the size in bytes.
  public int code() {
    return code;
  }

  public int bytes() {
    return 1 << code;
  }

  /// Reference-key pairs in one internal node: 16 or 512.
  public int arity() {
    return bytes() / ReferenceKeyPair.BYTES;
  }

  /// The highest level that content of less than 2^63 bytes can have. A capability that says more
  /// is refused before anything is fetched.
  public int maxLevel() {
    return maxLevel;
  }

  /// The recommended size for content of `sizeBytes`.
  public static BlockSize recommendedFor(long sizeBytes) {
    return sizeBytes < AUTO_THRESHOLD_BYTES ? KIB_1 : KIB_32;
  }

  public static Optional<BlockSize> ofBytes(long bytes) {
    for (BlockSize size : values()) {
      if (size.bytes() == bytes) {
        return Optional.of(size);
      }
    }
    return Optional.empty();
  }

  /// The size of a block that is about to be stored.
  ///
  /// @throws IllegalArgumentException if `block` is neither 1 nor 32 KiB
  public static BlockSize of(MemorySegment block) {
    return ofBytes(block.byteSize())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a block is 1 or 32 KiB, not %d bytes".formatted(block.byteSize())));
  }

  /// The size with this [#code].
  public static Optional<BlockSize> ofCode(int code) {
    for (BlockSize size : values()) { // compares, never shifts: `1 << 0x2a` is 1024 in Java
      if (size.code == code) {
        return Optional.of(size);
      }
    }
    return Optional.empty();
  }
}
