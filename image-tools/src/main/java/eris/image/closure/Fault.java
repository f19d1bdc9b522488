package eris.image.closure;

import eris.codec.Finding;

/// One thing wrong with a file of a closure. A check collects faults; it does not stop at the first.
public sealed interface Fault {
  /// The file, by its path in the closure.
  String path();

  /// A block of it is missing or wrong.
  ///
  /// @param level of the node, 0 for a leaf
  /// @param blockIndex of the first block of the content that cannot be read for it
  /// @param offsetBytes where that block begins in the content
  record Block(String path, Finding finding, int level, long blockIndex, long offsetBytes)
      implements Fault {}

  /// All blocks are right, but the content is not what the manifest says.
  record Mismatch(String path, String detail) implements Fault {}

  /// One line.
  static String describe(Fault fault) {
    return switch (fault) {
      case Block(var path, var finding, var level, var index, var offset) ->
          level == 0
              ? "%s: block %d at byte %d: %s"
                  .formatted(path, index, offset, Finding.describe(finding))
              : "%s: blocks from %d at byte %d, by the node of level %d above: %s"
                  .formatted(path, index, offset, level, Finding.describe(finding));
      case Mismatch(var path, var detail) -> path + ": " + detail;
    };
  }
}
