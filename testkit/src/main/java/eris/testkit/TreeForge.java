package eris.testkit;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.Key;
import eris.ReadCapability;
import eris.Reference;
import eris.ReferenceKeyPair;
import eris.store.BlockSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.engines.ChaCha7539Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/// Makes single nodes of a tree, so that tests can build trees which no encoder makes: malformed,
/// not full, of the wrong height. Every block goes to a sink; every block is authentic.
///
/// Shares no code with the codec: the primitives are Bouncy Castle's.
public final class TreeForge {
  /// Internal nodes are hashed without a key, which is not the null secret.
  private static final byte[] UNKEYED = {};

  private final BlockSize blockSize;
  private final BlockSink sink;

  public TreeForge(BlockSize blockSize, BlockSink sink) {
    this.blockSize = Objects.requireNonNull(blockSize);
    this.sink = Objects.requireNonNull(sink);
  }

  /// A leaf as it stands: `leaf` is one block long, its padding the caller's affair.
  public ReferenceKeyPair leaf(byte[] leaf, ConvergenceSecret secret) throws IOException {
    byte[] hashKey = new byte[ConvergenceSecret.BYTES];
    secret.writeTo(MemorySegment.ofArray(hashKey), 0);
    return block(leaf, hash(leaf, hashKey), 0);
  }

  /// A last leaf: less than a block of content, 0x80, zeros.
  public byte[] padded(byte[] content) {
    Objects.checkIndex(content.length, blockSize.bytes());
    byte[] leaf = Arrays.copyOf(content, blockSize.bytes());
    leaf[content.length] = (byte) 0x80;
    return leaf;
  }

  /// An internal node with these children, as few as none, and zeros after them.
  public ReferenceKeyPair node(int level, ReferenceKeyPair... children) throws IOException {
    return node(level, nodeOf(children));
  }

  /// An internal node as it stands: any bytes, one block long, under the key that belongs to them.
  public ReferenceKeyPair node(int level, byte[] node) throws IOException {
    return block(node, hash(node, UNKEYED), level);
  }

  /// The bytes of an internal node with these children, to be damaged and given to [#node].
  public byte[] nodeOf(ReferenceKeyPair... children) {
    if (children.length > blockSize.arity()) {
      throw new IllegalArgumentException(
          "%d children, want at most %d".formatted(children.length, blockSize.arity()));
    }
    byte[] node = new byte[blockSize.bytes()];
    for (int i = 0; i < children.length; i++) {
      children[i].writeTo(MemorySegment.ofArray(node), (long) i * ReferenceKeyPair.BYTES);
    }
    return node;
  }

  /// Any node under any key.
  public ReferenceKeyPair block(byte[] node, Key key, int level) throws IOException {
    if (node.length != blockSize.bytes()) {
      throw new IllegalArgumentException(
          "%d bytes, want %d".formatted(node.length, blockSize.bytes()));
    }
    byte[] block = encrypt(node, key, level);
    Reference reference = Reference.readFrom(MemorySegment.ofArray(blake2b(block, UNKEYED)), 0);
    sink.put(reference, MemorySegment.ofArray(block));
    return new ReferenceKeyPair(reference, key);
  }

  /// The capability of the tree below `root`. Says nothing about whether there is one.
  public ReadCapability capability(int level, ReferenceKeyPair root) {
    return new ReadCapability(blockSize, level, root);
  }

  private static Key hash(byte[] node, byte[] hashKey) {
    return Key.readFrom(MemorySegment.ofArray(blake2b(node, hashKey)), 0);
  }

  private static byte[] blake2b(byte[] message, byte[] hashKey) {
    byte[] digest = new byte[Reference.BYTES];
    var blake2b =
        hashKey.length == 0
            ? new Blake2bDigest(digest.length * 8)
            : new Blake2bDigest(hashKey, digest.length, null, null);
    blake2b.update(message, 0, message.length);
    blake2b.doFinal(digest, 0);
    return digest;
  }

  private static byte[] encrypt(byte[] node, Key key, int level) {
    byte[] keyBytes = new byte[Key.BYTES];
    key.writeTo(MemorySegment.ofArray(keyBytes), 0);
    byte[] nonce = new byte[12];
    nonce[0] = (byte) level;
    var chacha20 = new ChaCha7539Engine();
    chacha20.init(true, new ParametersWithIV(new KeyParameter(keyBytes), nonce));
    byte[] block = new byte[node.length];
    chacha20.processBytes(node, 0, node.length, block, 0);
    return block;
  }
}
