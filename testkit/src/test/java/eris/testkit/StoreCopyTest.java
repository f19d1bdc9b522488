package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockInventory;
import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.store.StoreException;
import eris.stores.StoreCopy;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StoreCopyTest {
  private final MemoryBlockStore from = new MemoryBlockStore();
  private final MemoryBlockStore to = new MemoryBlockStore();
  private final List<SampleBlock> blocks = new ArrayList<>();
  private final List<Reference> corrupt = new ArrayList<>();
  private long copied;
  private long present;

  private final StoreCopy.Listener listener =
      new StoreCopy.Listener() {
        @Override
        public void copied(BlockSize size) {
          copied++;
        }

        @Override
        public void present(Reference reference) {
          present++;
        }

        @Override
        public void corrupt(CorruptBlock block) {
          corrupt.add(block.reference());
        }
      };

  /// More than a page, in both sizes.
  @BeforeEach
  void fill() {
    blocks.addAll(SampleBlock.list(BlockSize.KIB_1, 3_000));
    blocks.addAll(SampleBlock.list(BlockSize.KIB_32, 200));
    blocks.forEach(block -> from.put(block.reference(), block.bytes()));
  }

  @Test
  void allBlocksArriveInAscendingOrder() throws IOException {
    List<Reference> order = new ArrayList<>();
    new StoreCopy(from, from, listener)
        .intoEmpty(
            (reference, block) -> {
              assertThat(Reference.of(block)).isEqualTo(reference);
              order.add(reference);
            });
    assertThat(order).hasSize(3_200).isSorted();
    assertThat(copied).isEqualTo(3_200);
  }

  @Test
  void onlyWhatIsMissingIsRead() throws IOException {
    for (SampleBlock block : blocks.subList(0, 2_900)) {
      to.put(block.reference(), block.bytes());
    }
    var counting = new FaultyStore(from);
    new StoreCopy(from, counting, listener).into(to);
    assertThat(copied).isEqualTo(300);
    assertThat(present).isEqualTo(2_900);
    assertThat(counting.reads()).isEqualTo(300);
    assertThat(to.count()).isEqualTo(3_200);
  }

  @Test
  void corruptBlocksAreToldAndTheRestIsCopied() throws IOException {
    Reference wrong = blocks.get(3).reference();
    Reference cut = blocks.get(3_100).reference();
    Reference lost = blocks.get(4).reference();
    var faulty = new FaultyStore(from);
    faulty.damage(wrong, _ -> new byte[1024]);
    faulty.damage(cut, bytes -> java.util.Arrays.copyOf(bytes, 1024));
    faulty.lose(lost);
    new StoreCopy(from, faulty, listener).into(to);
    assertThat(corrupt).containsExactlyInAnyOrder(wrong, cut);
    assertThat(copied).isEqualTo(3_197);
    for (SampleBlock block : blocks) {
      assertThat(to.contains(block.reference()))
          .isEqualTo(!List.of(wrong, cut, lost).contains(block.reference()));
    }
  }

  @Test
  void interruptedCopyIsGoneOnWith() throws IOException {
    var full = new Limited(1_000);
    assertThatExceptionOfType(StoreException.Full.class)
        .isThrownBy(() -> new StoreCopy(from, from, listener).into(full));
    int held = to.count();
    assertThat(held).isBetween(1, 1_100);
    copied = 0;
    present = 0;
    new StoreCopy(from, from, listener).into(to);
    assertThat(present).isEqualTo(held);
    assertThat(copied).isEqualTo(3_200 - held);
    assertThat(to.count()).isEqualTo(3_200);
  }

  @Test
  void sourceThatFailsEndsTheCopy() {
    var broken = new FaultyStore(from);
    broken.breakDown();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new StoreCopy(from, broken, listener).into(to))
        .withMessage("the store broke down");
  }

  @Test
  void interruptedThreadEndsTheCopy() {
    BlockInventory endless =
        (_, visitor) -> {
          while (true) {
            visitor.visit(blocks.getFirst().reference(), BlockSize.KIB_1);
          }
        };
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(java.io.InterruptedIOException.class)
        .isThrownBy(() -> new StoreCopy(endless, from, listener).into(to));
    assertThat(Thread.interrupted()).isTrue();
  }

  /// Puts into [#to] until it is full.
  private final class Limited implements BlockStore {
    private final int most;

    Limited(int most) {
      this.most = most;
    }

    @Override
    public void put(Reference reference, MemorySegment block) throws IOException {
      if (to.count() >= most) {
        throw new StoreException.Full("small", new IOException("no space"));
      }
      to.put(reference, block);
    }

    @Override
    public Optional<MemorySegment> get(Reference reference, MemorySegment target) {
      return to.get(reference, target);
    }

    @Override
    public boolean contains(Reference reference) {
      return to.contains(reference);
    }

    @Override
    public void sync() {}

    @Override
    public void close() {}
  }
}
