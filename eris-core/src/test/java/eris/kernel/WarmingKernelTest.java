package eris.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class WarmingKernelTest {
  private static final int BLOCK_BYTES = 32 * 1024;

  private final WarmingKernel kernel = new WarmingKernel();

  @Test
  void vectorsAreNotWarmedUpForAShortRun() {
    kernel.expect(WarmingKernel.LONG_RUN_BYTES - 1);
    work(1);
    assertThat(kernel.isStarted()).isFalse();
    assertThat(kernel.name()).startsWith("scalar");
  }

  @Test
  void vectorsAreWarmedUpForALongRunBeforeItBegins() {
    kernel.expect(WarmingKernel.LONG_RUN_BYTES / 2);
    kernel.expect(WarmingKernel.LONG_RUN_BYTES / 2);
    assertThat(kernel.isStarted()).isTrue();
  }

  @Test
  void aRunThatNobodyAnnouncedIsLongAfterAWhile() {
    int blocks = (int) (WarmingKernel.LONG_RUN_BYTES / BLOCK_BYTES);
    work(blocks - 1);
    assertThat(kernel.isStarted()).isFalse();
    work(1);
    assertThat(kernel.isStarted()).isTrue();
  }

  private void work(int blocks) {
    var block = MemorySegment.ofArray(new byte[BLOCK_BYTES]);
    var digest = MemorySegment.ofArray(new byte[BlockKernel.DIGEST_BYTES]);
    for (int i = 0; i < blocks; i++) {
      kernel.hash(block, BLOCK_BYTES, BlockKernel.UNKEYED, digest, BlockKernel.DIGEST_BYTES);
    }
  }
}
