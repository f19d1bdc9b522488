package eris.testkit;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.Reference;
import eris.ReferenceKeyPair;
import eris.codec.Encoder;
import eris.store.BlockSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Trees of equal leaves and equal nodes: one block per level, and as much content as one likes. Just
/// what an encoder makes of the content, but made without the content.
public final class RepeatedTree {
  private RepeatedTree() {}

  /// 2^60 - 1 bytes in six blocks: the worst that fits a 63-bit size in full nodes of 32 KiB.
  public static ReadCapability bomb(BlockSink sink) throws IOException {
    return build(BlockSize.KIB_32, (byte) 0, new int[] {512, 512, 512, 512, 512}, sink);
  }

  /// A tree whose leaves are all `leafByte` but for the padding mark at their end, and whose node of
  /// level 1, 2, … lists the one below it `childCounts` times. Its content is that of the leaves in a
  /// row, without the last mark.
  public static ReadCapability build(
      BlockSize blockSize, byte leafByte, int[] childCounts, BlockSink sink) throws IOException {
    byte[] leaf = new byte[blockSize.bytes() - 1];
    Arrays.fill(leaf, leafByte);
    ReferenceKeyPair pair =
        new Encoder(blockSize, sink, 1, 1)
            .encode(new ByteArrayInputStream(leaf), ConvergenceSecret.nullSecret())
            .root();
    for (int i = 0; i < childCounts.length; i++) {
      pair = putNode(blockSize, pair, childCounts[i], i + 1, sink);
    }
    return new ReadCapability(blockSize, childCounts.length, pair);
  }

  private static ReferenceKeyPair putNode(
      BlockSize blockSize, ReferenceKeyPair child, int count, int level, BlockSink sink)
      throws IOException {
    MemorySegment node = MemorySegment.ofArray(new byte[blockSize.bytes()]);
    for (int i = 0; i < count; i++) {
      child.writeTo(node, (long) i * ReferenceKeyPair.BYTES);
    }
    byte[] key = new byte[Reference.BYTES];
    Reference.of(node).writeTo(MemorySegment.ofArray(key), 0); // the key of a node is its hash
    MemorySegment block =
        MemorySegment.ofArray(chaCha20(node.toArray(ValueLayout.JAVA_BYTE), key, level));
    Reference reference = Reference.of(block);
    sink.put(reference, block);
    MemorySegment pair = MemorySegment.ofArray(new byte[ReferenceKeyPair.BYTES]);
    reference.writeTo(pair, 0);
    MemorySegment.copy(key, 0, pair, ValueLayout.JAVA_BYTE, Reference.BYTES, key.length);
    return ReferenceKeyPair.readFrom(pair, 0);
  }

  private static byte[] chaCha20(byte[] node, byte[] key, int level) {
    byte[] nonce = new byte[12];
    nonce[0] = (byte) level;
    try {
      Cipher cipher = Cipher.getInstance("ChaCha20");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key, "ChaCha20"),
          new ChaCha20ParameterSpec(nonce, 0));
      return cipher.doFinal(node);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
