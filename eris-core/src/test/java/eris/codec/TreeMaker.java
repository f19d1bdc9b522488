package eris.codec;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.Dialect;
import eris.ReadCapability;
import eris.Reference;
import eris.ReferenceKeyPair;
import eris.kernel.BouncyCastle;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Makes trees node by node, in any dialect: those that encoders make, and all others.
final class TreeMaker {
  final BlockMap store = new BlockMap();
  private final BlockSize blockSize;
  private final Dialect dialect;
  private final byte[] secret = new byte[ConvergenceSecret.BYTES];

  TreeMaker(BlockSize blockSize, Dialect dialect, ConvergenceSecret secret) {
    this.blockSize = blockSize;
    this.dialect = dialect;
    secret.writeTo(MemorySegment.ofArray(this.secret), 0);
  }

  /// Of ERIS 1.0.0 with the null secret.
  TreeMaker(BlockSize blockSize) {
    this(blockSize, Dialect.V1_0_0, ConvergenceSecret.nullSecret());
  }

  /// The root and its level.
  record Tree(int level, ReferenceKeyPair root) {}

  ReadCapability capability(int level, ReferenceKeyPair root) {
    return new ReadCapability(blockSize, level, root);
  }

  /// Encodes `content` as the specification tells: slow and simple.
  Tree encode(byte[] content) {
    List<ReferenceKeyPair> pairs = new ArrayList<>();
    for (int at = 0; at <= content.length; at += blockSize.bytes()) {
      boolean last = content.length - at < blockSize.bytes();
      byte[] bytes = Arrays.copyOfRange(content, at, at + blockSize.bytes());
      if (last) {
        bytes[content.length - at] = Padding.MARK;
      }
      pairs.add(leaf(bytes));
    }
    int level = 0;
    while (pairs.size() > 1) {
      level++;
      List<ReferenceKeyPair> parents = new ArrayList<>();
      for (int i = 0; i < pairs.size(); i += blockSize.arity()) {
        parents.add(node(level, pairs.subList(i, Math.min(i + blockSize.arity(), pairs.size()))));
      }
      pairs = parents;
    }
    return new Tree(level, pairs.getFirst());
  }

  /// A leaf of `bytes`, a block long.
  ReferenceKeyPair leaf(byte[] bytes) {
    return put(bytes, BouncyCastle.hash(bytes, secret), dialect.nonce(0));
  }

  /// A full leaf of `fill`.
  ReferenceKeyPair leaf(int fill) {
    byte[] bytes = new byte[blockSize.bytes()];
    Arrays.fill(bytes, (byte) fill);
    return leaf(bytes);
  }

  /// A leaf of `contentBytes` times `fill`, and padding.
  ReferenceKeyPair lastLeaf(int fill, int contentBytes) {
    byte[] bytes = new byte[blockSize.bytes()];
    Arrays.fill(bytes, 0, contentBytes, (byte) fill);
    bytes[contentBytes] = Padding.MARK;
    return leaf(bytes);
  }

  /// `count` full leaves, of `fill` and the numbers after it.
  List<ReferenceKeyPair> leaves(int fill, int count) {
    List<ReferenceKeyPair> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leaves.add(leaf(fill + i));
    }
    return leaves;
  }

  ReferenceKeyPair node(int level, ReferenceKeyPair... children) {
    return node(level, List.of(children));
  }

  ReferenceKeyPair node(int level, List<ReferenceKeyPair> children) {
    return node(level, bytesOf(children));
  }

  /// An internal node of any bytes.
  ReferenceKeyPair node(int level, byte[] bytes) {
    byte[] key = BouncyCastle.hash(bytes, isKeyed() ? secret : new byte[0]);
    return put(bytes, key, dialect.nonce(level));
  }

  /// The bytes of an internal node.
  byte[] bytesOf(List<ReferenceKeyPair> children) {
    byte[] bytes = new byte[blockSize.bytes()];
    for (int i = 0; i < children.size(); i++) {
      children.get(i).writeTo(MemorySegment.ofArray(bytes), (long) i * ReferenceKeyPair.BYTES);
    }
    return bytes;
  }

  /// Encrypts `bytes`, and stores them, under any key.
  ReferenceKeyPair put(byte[] bytes, byte[] key, byte[] nonce) {
    MemorySegment block = MemorySegment.ofArray(BouncyCastle.applyKeystream(bytes, key, nonce));
    Reference reference = Reference.of(block);
    store.put(reference, block);
    return pair(reference, key);
  }

  static ReferenceKeyPair pair(Reference reference, byte[] key) {
    MemorySegment pair = MemorySegment.ofArray(new byte[ReferenceKeyPair.BYTES]);
    reference.writeTo(pair, 0);
    MemorySegment.copy(key, 0, pair, ValueLayout.JAVA_BYTE, Reference.BYTES, key.length);
    return ReferenceKeyPair.readFrom(pair, 0);
  }

  private boolean isKeyed() {
    return switch (dialect) {
      case V1_0_0, V0_4_0, V0_4_0_MAY_2022 -> false;
      case V0_4_0_JANUARY_2022, V0_3_0, V0_2_0 -> true;
    };
  }
}
