package eris.codec;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.Dialect;
import eris.ErisException;
import eris.ErisException.CorruptBlock;
import eris.ErisException.MissingBlock;
import eris.ReadCapability;
import eris.Reference;
import eris.ReferenceKeyPair;
import eris.Samples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each block of a tree in turn: gone, changed, cut, lengthened, exchanged. No wrong byte comes out,
/// the error is the right one, and a walk finds just that.
class DamageTest {
  private final BlockMap store = new BlockMap();
  private final Map<Reference, Integer> firstLeaves = new HashMap<>();

  @ParameterizedTest
  @CsvSource({
    "KIB_1, 500, 1",
    "KIB_1, 5000, 1",
    "KIB_1, 20000, 1",
    "KIB_1, 262144, 9",
    "KIB_32, 20000, 1",
    "KIB_32, 140000, 1",
  })
  void everyDamageIsNoticedInItsPlace(BlockSize blockSize, int size, int step) throws IOException {
    byte[] content = Samples.bytes(size, size);
    ReadCapability capability =
        new Encoder(blockSize, store)
            .encode(new ByteArrayInputStream(content), ConvergenceSecret.nullSecret());
    locate(capability.root(), capability.level(), blockSize);
    assertThat(firstLeaves).hasSize(store.blocks.size());
    List<Reference> references = new ArrayList<>(store.blocks.keySet());
    for (int i = 0; i < references.size(); i += step) {
      Reference reference = references.get(i);
      Reference other = references.get((i + 1) % references.size());
      for (Damage damage : Damage.values()) {
        if (!damage.isPossible(blockSize, references.size())) {
          continue;
        }
        BlockMap damaged = store.copy();
        damage.inflict(damaged, reference, other);
        requireNoticed(damage, damaged, capability, content, reference, other);
      }
    }
  }

  private void requireNoticed(
      Damage damage,
      BlockMap damaged,
      ReadCapability capability,
      byte[] content,
      Reference reference,
      Reference other)
      throws IOException {
    String what = damage + " " + firstLeaves.get(reference) + " " + reference;
    Outcome outcome = Outcome.of(damaged, capability);
    assertThat(outcome.delivered())
        .as(what)
        .isEqualTo(Arrays.copyOf(content, outcome.delivered().length));
    Findings findings = Findings.of(damaged, capability);
    if (damage == Damage.SWAPPED) {
      assertThat(outcome.failure()).as(what).isInstanceOf(CorruptBlock.class);
      assertThat(findings.findings)
          .as(what)
          .isNotEmpty()
          .allMatch(Finding.Corrupt.class::isInstance);
      assertThat(findings.findings)
          .extracting(Finding::reference)
          .as(what)
          .isSubsetOf(reference, other)
          .doesNotHaveDuplicates();
      return;
    }
    assertThat(findings.findings)
        .as(what)
        .containsExactly(damage.finding(reference, blockBytes(capability)));
    assertThat(Finding.of(reference, outcome.failure()))
        .as(what)
        .isEqualTo(findings.findings.getFirst());
    assertThat(outcome.reference()).as(what).isEqualTo(reference);
    if (!outcome.atOpen()) {
      assertThat(outcome.delivered())
          .as(what)
          .hasSize(firstLeaf(reference) * blockBytes(capability));
    }
  }

  private int firstLeaf(Reference reference) {
    return Objects.requireNonNull(firstLeaves.get(reference));
  }

  private static int blockBytes(ReadCapability capability) {
    return capability.blockSize().bytes();
  }

  /// Remembers for each block the first leaf that it is, or is above of.
  private int locate(ReferenceKeyPair pair, int level, BlockSize blockSize) throws IOException {
    return locate(pair, level, blockSize, 0);
  }

  private int locate(ReferenceKeyPair pair, int level, BlockSize blockSize, int firstLeaf)
      throws IOException {
    firstLeaves.put(pair.reference(), firstLeaf);
    if (level == 0) {
      return firstLeaf + 1;
    }
    MemorySegment bytes = MemorySegment.ofArray(new byte[blockSize.bytes()]);
    new NodeReader(store, blockSize).readNode(pair, level, Dialect.V1_0_0, bytes);
    InternalNode node = InternalNode.parse(bytes);
    int next = firstLeaf;
    for (int i = 0; i < node.childCount(); i++) {
      next = locate(node.child(i), level - 1, blockSize, next);
    }
    return next;
  }

  /// What reading everything came to.
  private record Outcome(ByteBuffer content, ErisException failure, boolean atOpen) {
    static Outcome of(BlockMap store, ReadCapability capability) throws IOException {
      var read = ByteBuffer.allocate(1 << 20);
      Decoder decoder;
      try {
        decoder = Decoder.open(store, capability);
      } catch (ErisException e) {
        return new Outcome(read.flip(), e, true);
      }
      try {
        while (decoder.read(read) >= 0) {
          // until it fails
        }
      } catch (ErisException e) {
        return new Outcome(read.flip(), e, false);
      }
      throw new AssertionError("nothing noticed");
    }

    byte[] delivered() {
      byte[] bytes = new byte[content.limit()];
      content.get(0, bytes);
      return bytes;
    }

    Reference reference() {
      return switch (failure) {
        case MissingBlock e -> e.reference();
        case CorruptBlock e -> e.reference();
        default -> throw new AssertionError(failure);
      };
    }
  }

  private enum Damage {
    REMOVED,
    FIRST_BYTE_FLIPPED,
    LAST_BYTE_FLIPPED,
    CUT_SHORT,
    EMPTY,
    LENGTHENED,
    SWAPPED;

    /// A source has no room to answer with more than 32 KiB.
    boolean isPossible(BlockSize blockSize, int blockCount) {
      return switch (this) {
        case LENGTHENED -> blockSize == BlockSize.KIB_1;
        case SWAPPED -> blockCount > 1;
        case REMOVED, FIRST_BYTE_FLIPPED, LAST_BYTE_FLIPPED, CUT_SHORT, EMPTY -> true;
      };
    }

    void inflict(BlockMap store, Reference reference, Reference other) {
      SortedMap<Reference, byte[]> blocks = store.blocks;
      byte[] block = store.block(reference).clone();
      switch (this) {
        case REMOVED -> blocks.remove(reference);
        case FIRST_BYTE_FLIPPED -> {
          block[0] ^= 1;
          blocks.put(reference, block);
        }
        case LAST_BYTE_FLIPPED -> {
          block[block.length - 1] ^= (byte) 0x80;
          blocks.put(reference, block);
        }
        case CUT_SHORT -> blocks.put(reference, Arrays.copyOf(block, block.length - 1));
        case EMPTY -> blocks.put(reference, new byte[0]);
        case LENGTHENED -> blocks.put(reference, Arrays.copyOf(block, block.length + 1));
        case SWAPPED -> {
          blocks.put(reference, store.block(other));
          blocks.put(other, block);
        }
      }
    }

    Finding finding(Reference reference, int blockBytes) {
      return switch (this) {
        case REMOVED -> new Finding.Missing(reference);
        case CUT_SHORT -> wrongSize(reference, blockBytes - 1, blockBytes);
        case EMPTY -> wrongSize(reference, 0, blockBytes);
        case LENGTHENED -> wrongSize(reference, blockBytes + 1, blockBytes);
        case FIRST_BYTE_FLIPPED, LAST_BYTE_FLIPPED, SWAPPED ->
            new Finding.Corrupt(reference, "does not hash to its reference");
      };
    }

    private static Finding wrongSize(Reference reference, int bytes, int wanted) {
      return new Finding.Corrupt(reference, "holds %d bytes, want %d".formatted(bytes, wanted));
    }
  }
}
