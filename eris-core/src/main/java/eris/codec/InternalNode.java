package eris.codec;

import eris.ErisException.MalformedTree;
import eris.Reference;
import eris.ReferenceKeyPair;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A decrypted internal node: the pairs of its children, in content order, then zeros.
///
/// A view of `node`, which must not change meanwhile.
record InternalNode(MemorySegment node, int childCount) {
  /// What is wrong with a node that no encoder can have encrypted.
  static final String FOREIGN_KEY = "the key of an internal node is not its hash";

  /// @throws MalformedTree if there is no child, or anything but zeros after the last one
  static InternalNode parse(MemorySegment node) throws MalformedTree {
    int arity = (int) (node.byteSize() / ReferenceKeyPair.BYTES);
    int count = 0;
    while (count < arity && !reference(node, count).isNull()) {
      count++;
    }
    if (count == 0) {
      throw new MalformedTree("internal node without children");
    }
    for (long i = (long) count * ReferenceKeyPair.BYTES; i < node.byteSize(); i++) {
      if (node.get(ValueLayout.JAVA_BYTE, i) != 0) {
        throw new MalformedTree("internal node with data after its last child");
      }
    }
    return new InternalNode(node, count);
  }

  ReferenceKeyPair child(int index) {
    return ReferenceKeyPair.readFrom(node, (long) index * ReferenceKeyPair.BYTES);
  }

  /// @throws MalformedTree if this cannot be a root: the tree could be less high
  void requireRoot() throws MalformedTree {
    if (childCount == 1) {
      throw new MalformedTree("the root has a single child");
    }
  }

  /// @throws MalformedTree if this can only stand on the right edge
  void requireFull() throws MalformedTree {
    if (childCount < node.byteSize() / ReferenceKeyPair.BYTES) {
      throw new MalformedTree("internal node off the right edge is not full");
    }
  }

  private static Reference reference(MemorySegment node, int index) {
    return Reference.readFrom(node, (long) index * ReferenceKeyPair.BYTES);
  }
}
