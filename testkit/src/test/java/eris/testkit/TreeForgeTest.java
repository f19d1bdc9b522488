package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ErisException.MalformedTree;
import eris.ReadCapability;
import eris.ReferenceKeyPair;
import eris.codec.Decoder;
import eris.store.MemoryBlockStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the forge makes is what the codec reads, else the trees forged with it prove nothing.
final class TreeForgeTest {
  private static final ConvergenceSecret SECRET = ConvergenceSecret.random(new Random(3));

  private final MemoryBlockStore store = new MemoryBlockStore();

  @ParameterizedTest
  @EnumSource
  void forgedTreeIsRead(BlockSize size) throws IOException {
    var forge = new TreeForge(size, store);
    byte[] first = new byte[size.bytes()];
    new Random(4).nextBytes(first);
    byte[] rest = {1, 2, 3};
    ReferenceKeyPair root =
        forge.node(1, forge.leaf(first, SECRET), forge.leaf(forge.padded(rest), SECRET));
    byte[] content = Arrays.copyOf(first, first.length + rest.length);
    System.arraycopy(rest, 0, content, first.length, rest.length);
    assertThat(read(forge.capability(1, root))).isEqualTo(content);
  }

  @Test
  void forgedBombIsTheOneThatTheEncoderMakes() throws IOException {
    var forge = new TreeForge(BlockSize.KIB_32, store);
    byte[] zeros = new byte[BlockSize.KIB_32.bytes() - 1];
    ReferenceKeyPair pair = forge.leaf(forge.padded(zeros), ConvergenceSecret.nullSecret());
    for (int level = 1; level <= 5; level++) {
      var children = new ReferenceKeyPair[BlockSize.KIB_32.arity()];
      Arrays.fill(children, pair);
      pair = forge.node(level, children);
    }
    assertThat(forge.capability(5, pair)).isEqualTo(RepeatedTree.bomb(new MemoryBlockStore()));
    assertThat(store.count()).isEqualTo(6);
  }

  @Test
  void nodeCanBeDamaged() throws IOException {
    var forge = new TreeForge(BlockSize.KIB_1, store);
    ReferenceKeyPair leaf = forge.leaf(forge.padded(new byte[0]), SECRET);
    byte[] node = forge.nodeOf(leaf, leaf);
    node[node.length - 1] = 1;
    ReadCapability damaged = forge.capability(1, forge.node(1, node));
    assertThatExceptionOfType(MalformedTree.class)
        .isThrownBy(() -> Decoder.open(store, damaged))
        .withMessageContaining("data after its last child");
  }

  @Test
  void nodeHoldsNoMoreThanFits() {
    var forge = new TreeForge(BlockSize.KIB_1, store);
    assertThatIllegalArgumentException().isThrownBy(() -> forge.node(1, new byte[1023]));
    assertThatIllegalArgumentException().isThrownBy(() -> forge.node(1, new ReferenceKeyPair[17]));
  }

  private byte[] read(ReadCapability capability) throws IOException {
    try (Decoder decoder = Decoder.open(store, capability)) {
      ByteBuffer content = ByteBuffer.allocate((int) decoder.size());
      decoder.read(content);
      return content.array();
    }
  }
}
