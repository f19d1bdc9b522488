package eris.codec;

import eris.BlockSize;
import eris.DraftCapability;
import eris.ErisException.MalformedTree;
import eris.ReadCapability;
import eris.ReferenceKeyPair;

/// Where a tree starts, whatever the dialect of its capability.
record TreeRoot(BlockSize blockSize, int level, ReferenceKeyPair pair) {
  static TreeRoot of(ReadCapability capability) {
    return new TreeRoot(capability.blockSize(), capability.level(), capability.root());
  }

  static TreeRoot of(DraftCapability capability) {
    return new TreeRoot(capability.blockSize(), capability.level(), capability.root());
  }

  void requireLevel() throws MalformedTree {
    requireLevel(blockSize, level);
  }

  /// Refuses levels that no content of less than 2^63 bytes can have, before anything is fetched.
  static void requireLevel(BlockSize blockSize, int level) throws MalformedTree {
    if (level > blockSize.maxLevel()) {
      throw new MalformedTree(
          "level %d, but no content needs more than %d".formatted(level, blockSize.maxLevel()));
    }
  }
}
