package eris.image.tree;

import eris.ErisException;
import java.io.IOException;

/// A file of a closure that cannot be had. Names it, and where there is one the block at fault.
public final class FaultyFile extends IOException {
  private static final long serialVersionUID = 1;
  private final boolean missing;

  private FaultyFile(String path, String detail, boolean missing) {
    super(printable(path) + ": " + detail);
    this.missing = missing;
  }

  FaultyFile(String path, String detail) {
    this(path, detail, false);
  }

  /// @param blockIndex the first block of the content that cannot be had, counted from 0. The fault
  ///     may be in a node above it.
  static FaultyFile of(String path, long blockIndex, ErisException fault) {
    return switch (fault) {
      case ErisException.MissingBlock e ->
          new FaultyFile(
              path, "block %d is missing: %s".formatted(blockIndex, e.reference()), true);
      case ErisException.CorruptBlock e ->
          new FaultyFile(
              path,
              "block %d is corrupt: %s %s".formatted(blockIndex, e.reference(), e.detail()),
              false);
      case ErisException.WrongKey e -> new FaultyFile(path, String.valueOf(e.getMessage()), false);
      case ErisException.MalformedTree e ->
          new FaultyFile(path, "block %d: %s".formatted(blockIndex, e.getMessage()), false);
      case ErisException.MalformedCapability e -> throw new IllegalStateException(e);
      case ErisException.MalformedReference e -> throw new IllegalStateException(e);
    };
  }

  /// Whether a block is missing, which another store may have; else something is corrupt.
  public boolean isMissing() {
    return missing;
  }

  private static String printable(String path) {
    return path.replaceAll("\\p{Cc}", "?");
  }
}
