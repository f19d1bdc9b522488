package eris.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.Dialect;
import eris.ReadCapability;
import eris.Reference;
import eris.Samples;
import eris.kernel.BlockKernel;
import eris.store.BlockBatch;
import eris.store.BlockSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EncoderTest {
  private static final ConvergenceSecret SECRET = Samples.secret(9);

  private final BlockMap store = new BlockMap();

  static Stream<Arguments> boundaries() {
    return Stream.concat(
            boundaries(BlockSize.KIB_1, 0, 1, 1024, 16 * 1024, 16 * 16 * 1024),
            boundaries(BlockSize.KIB_32, 0, 1, 32_768, 512 * 32_768))
        .distinct();
  }

  private static Stream<Arguments> boundaries(BlockSize blockSize, int... sizes) {
    return Arrays.stream(sizes)
        .flatMap(n -> Arrays.stream(new int[] {n - 1, n, n + 1}))
        .filter(n -> n >= 0)
        .distinct()
        .mapToObj(n -> Arguments.of(blockSize, n));
  }

  @ParameterizedTest
  @MethodSource("boundaries")
  void treeHasTheLeastHeightAndGivesTheContentBack(BlockSize blockSize, int size)
      throws IOException {
    byte[] content = Samples.bytes(size, size);
    ReadCapability capability =
        new Encoder(blockSize, store).encode(new ByteArrayInputStream(content), SECRET);
    Shape shape = Shape.of(blockSize, size);
    assertThat(capability.level()).isEqualTo(shape.level());
    assertThat(store.blocks).hasSize(shape.blockCount());
    assertThat(Channels.newInputStream(Decoder.open(store, capability)).readAllBytes())
        .isEqualTo(content);
  }

  @ParameterizedTest
  @CsvSource({"0", "1023", "1024", "15360", "16383", "16384", "50000", "262144"})
  void agreesWithTheSimpleEncoder(int size) throws IOException {
    byte[] content = Samples.bytes(size, size);
    for (BlockSize blockSize : BlockSize.values()) {
      var maker = new TreeMaker(blockSize, Dialect.V1_0_0, SECRET);
      TreeMaker.Tree tree = maker.encode(content);
      var store = new BlockMap();
      assertThat(new Encoder(blockSize, store).encode(new ByteArrayInputStream(content), SECRET))
          .isEqualTo(maker.capability(tree.level(), tree.root()));
      requireSameBlocks(store, maker.store);
    }
  }

  @Test
  void blocksAndCapabilityAreTheSameHoweverTheWorkIsCut() throws IOException {
    byte[] content = Samples.bytes(1, 300 * 1024 + 77);
    ReadCapability wanted = encode(content, store, 1, 1);
    for (int workers = 1; workers <= 3; workers++) {
      for (int batchBlocks : new int[] {1, 2, 3, 7, 16, 17, 64, 301, 1000}) {
        var other = new BlockMap();
        assertThat(encode(content, other, workers, batchBlocks))
            .as("%d workers, %d blocks per batch", workers, batchBlocks)
            .isEqualTo(wanted);
        requireSameBlocks(other, store);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "1, 1", "7, 3", "1023, 2", "1025, 0", "100000, 5"})
  void channelMayGiveTheContentInAnyPieces(int pieceBytes, int emptyReads) throws IOException {
    byte[] content = Samples.bytes(2, 40 * 1024 + 1);
    ReadCapability wanted = encode(content, store, 1, 1000);
    for (int workers = 1; workers <= 2; workers++) {
      var channel = new TestChannel(content, pieceBytes, emptyReads);
      assertThat(new Encoder(BlockSize.KIB_1, new BlockMap(), workers, 5).encode(channel, SECRET))
          .isEqualTo(wanted);
      assertThat(channel.isOpen()).isTrue();
    }
  }

  @Test
  void failureOfTheContentArrivesAndLeavesTheEncoderUsable() throws IOException {
    byte[] content = Samples.bytes(3, 100 * 1024);
    ReadCapability wanted = encode(content, store, 1, 7);
    for (int workers = 1; workers <= 3; workers++) {
      var encoder = new Encoder(BlockSize.KIB_1, new BlockMap(), workers, 3);
      for (int failAt = 0; failAt < content.length; failAt += 9000) {
        var failing = new TestChannel(content, 1000, 0);
        failing.failAt(failAt);
        assertThatThrownBy(() -> encoder.encode(failing, SECRET))
            .isInstanceOf(IOException.class)
            .hasMessage("content at " + failAt);
        assertThat(encoder.encode(new ByteArrayInputStream(content), SECRET)).isEqualTo(wanted);
      }
    }
  }

  @Test
  void failureOfTheSinkArrivesAndLeavesTheEncoderUsable() throws IOException {
    byte[] content = Samples.bytes(4, 100 * 1024);
    ReadCapability wanted = encode(content, store, 1, 7);
    for (int workers = 1; workers <= 3; workers++) {
      var sink = new FailingSink();
      var encoder = new Encoder(BlockSize.KIB_1, sink, workers, 3);
      for (int failAt = 1; failAt <= store.blocks.size(); failAt += 5) {
        sink.failAt(failAt);
        assertThatThrownBy(() -> encoder.encode(new ByteArrayInputStream(content), SECRET))
            .isInstanceOf(IOException.class)
            .hasMessage("sink at " + failAt);
        sink.failAt(Integer.MAX_VALUE);
        assertThat(encoder.encode(new ByteArrayInputStream(content), SECRET)).isEqualTo(wanted);
      }
    }
  }

  /// Content without end, so that the workers fall behind some time and have to be waited for.
  @Test
  void interruptEndsEncodingAndStaysVisible() {
    var encoder = new Encoder(BlockSize.KIB_32, (_, _) -> {}, 2, 8);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> encoder.encode(new EndlessChannel(), SECRET))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void memoryIsReusedFromBatchToBatchAndContentToContent() throws IOException {
    Set<MemorySegment> seen = new HashSet<>();
    BlockSink sink = new AddressSink(seen);
    int workers = 2;
    var encoder = new Encoder(BlockSize.KIB_1, sink, workers, 4);
    for (int i = 0; i < 20; i++) {
      encoder.encode(new ByteArrayInputStream(Samples.bytes(i, 400 * 1024)), SECRET);
    }
    // those in flight, the one being filled, those of three levels of internal nodes
    assertThat(seen).hasSizeBetween(4, 2 * workers + 1 + 1 + 3);
  }

  @Test
  void smallContentsShareTheirMemory() throws IOException {
    for (int workers = 1; workers <= 2; workers++) {
      Set<MemorySegment> seen = new HashSet<>();
      var encoder = new Encoder(BlockSize.KIB_1, new AddressSink(seen), workers, 4);
      for (int i = 0; i < 20; i++) {
        encoder.encode(new ByteArrayInputStream(Samples.bytes(i, 3000)), SECRET);
      }
      assertThat(seen).hasSize(2); // leaves, internal nodes
    }
  }

  @Test
  void everyBlockComesWithItsReference() throws IOException {
    BlockSink checking =
        (reference, block) -> {
          assertThat(Reference.of(block)).isEqualTo(reference);
          assertThat(block.byteSize()).isEqualTo(1024);
        };
    encode(Samples.bytes(5, 300 * 1024), checking, 2, 5);
  }

  @Test
  void emptyContentIsOneLeafOfPadding() throws IOException {
    ReadCapability capability = encode(new byte[0], store, 2, 16);
    assertThat(capability.level()).isZero();
    assertThat(store.blocks).hasSize(1);
    assertThat(Decoder.open(store, capability).size()).isZero();
  }

  /// Vector 06: four equal leaves and one of padding under one node.
  @Test
  void repeatedBlocksAreTheSameBlock() throws IOException {
    byte[] content = new byte[4 * 1024];
    ReadCapability capability = encode(content, store, 1, 16);
    assertThat(store.blocks).hasSize(3);
    assertThat(Channels.newInputStream(Decoder.open(store, capability)).readAllBytes())
        .isEqualTo(content);
  }

  @Test
  void secretBelongsToTheContentItComesWith() throws IOException {
    byte[] content = Samples.bytes(6, 5000);
    var encoder = new Encoder(BlockSize.KIB_1, store, 2, 2);
    ReadCapability first = encoder.encode(new ByteArrayInputStream(content), SECRET);
    ReadCapability second = encoder.encode(new ByteArrayInputStream(content), Samples.secret(10));
    assertThat(second).isNotEqualTo(first);
    assertThat(store.blocks).hasSize(12);
    assertThat(encoder.encode(new ByteArrayInputStream(content), SECRET)).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 0", "-1, 1", "1, -1", "1, 65536"})
  void refusesNonsense(int workers, int batchBlocks) {
    assertThatThrownBy(() -> new Encoder(BlockSize.KIB_32, store, workers, batchBlocks))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takesTheLargestBatchThatABufferHolds() {
    assertThat(new Encoder(BlockSize.KIB_32, store, 1, 65_535)).isNotNull();
  }

  @Test
  void tellsItsKernel() {
    assertThat(Encoder.kernelName()).isEqualTo(BlockKernel.best().name());
  }

  private static ReadCapability encode(byte[] content, BlockSink sink, int workers, int batchBlocks)
      throws IOException {
    return new Encoder(BlockSize.KIB_1, sink, workers, batchBlocks)
        .encode(new ByteArrayInputStream(content), SECRET);
  }

  private static void requireSameBlocks(BlockMap some, BlockMap others) {
    assertThat(some.blocks.keySet()).isEqualTo(others.blocks.keySet());
    some.blocks.forEach(
        (reference, block) -> assertThat(block).isEqualTo(others.blocks.get(reference)));
  }

  /// Remembers where batches lie in memory.
  private record AddressSink(Set<MemorySegment> seen) implements BlockSink {
    @Override
    public void put(Reference reference, MemorySegment block) {
      throw new AssertionError("encoders store batches");
    }

    @Override
    public void putAll(BlockBatch batch) {
      seen.add(batch.block(0)); // equal where and as long as it is the same memory
    }
  }

  private static final class FailingSink implements BlockSink {
    private int left = Integer.MAX_VALUE;
    private int failAt = Integer.MAX_VALUE;

    void failAt(int block) {
      failAt = block;
      left = block;
    }

    @Override
    public void put(Reference reference, MemorySegment block) throws IOException {
      if (--left == 0) {
        throw new IOException("sink at " + failAt);
      }
    }
  }

  private static final class EndlessChannel implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer target) {
      int count = target.remaining();
      target.position(target.limit());
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
