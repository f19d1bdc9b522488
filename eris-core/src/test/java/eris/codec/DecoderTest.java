package eris.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.Dialect;
import eris.ErisException.CorruptBlock;
import eris.ErisException.MissingBlock;
import eris.ReadCapability;
import eris.Reference;
import eris.Samples;
import eris.store.BlockBatch;
import eris.store.BlockSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {
  private final BlockMap store = new BlockMap();

  /// Sizes around the boundaries of leaves and levels, up to level 3 and level 1.
  static Stream<Arguments> sizes() {
    return Stream.concat(
        Stream.of(0, 1, 1023, 1024, 1025, 5000, 15_360, 16_383, 16_384, 16_385, 100_000, 262_143)
            .map(size -> Arguments.of(BlockSize.KIB_1, size)),
        Stream.of(0, 1, 32_767, 32_768, 32_769, 500_000)
            .map(size -> Arguments.of(BlockSize.KIB_32, size)));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void anyPartIsThatPartOfTheContent(BlockSize blockSize, int size) throws IOException {
    byte[] content = Samples.bytes(size, size);
    Decoder decoder = Decoder.open(store, encode(blockSize, content));
    var random = new Random(size);
    for (int i = 0; i < 200; i++) {
      int from = random.nextInt(size + 10);
      int count = random.nextInt(i % 10 == 0 ? 100_000 : 3000);
      requirePart(decoder, content, from, count);
    }
    requirePart(decoder, content, 0, size + 1);
    requirePart(decoder, content, size, 1);
  }

  @Test
  void threeLevelsReadRightFromEverywhere() throws IOException {
    byte[] content = Samples.bytes(1, 300_000);
    Decoder decoder = Decoder.open(store, encode(BlockSize.KIB_1, content));
    for (int from = content.length; from >= 0; from -= 1009) {
      requirePart(decoder, content, from, 1500);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1023, 1024, 1025, 5000, 1 << 20})
  void contentIsTheSameWithBuffersOfAnySize(int bufferBytes) throws IOException {
    byte[] content = Samples.bytes(2, 50_000);
    Decoder decoder = Decoder.open(store, encode(BlockSize.KIB_1, content));
    assertThat(readAll(decoder, ByteBuffer.allocate(bufferBytes))).isEqualTo(content);
    decoder.position(0);
    assertThat(readAll(decoder, ByteBuffer.allocateDirect(bufferBytes))).isEqualTo(content);
    decoder.position(0);
    assertThat(Channels.newInputStream(decoder).readAllBytes()).isEqualTo(content);
  }

  @Test
  void bufferIsFilledFromItsPositionToItsLimit() throws IOException {
    byte[] content = Samples.bytes(3, 5000);
    Decoder decoder = Decoder.open(store, encode(BlockSize.KIB_1, content));
    var buffer = ByteBuffer.allocate(4000).position(10).limit(3010);
    assertThat(decoder.read(buffer)).isEqualTo(3000);
    assertThat(buffer.position()).isEqualTo(3010);
    assertThat(Arrays.copyOfRange(buffer.array(), 10, 3010))
        .isEqualTo(Arrays.copyOf(content, 3000));
    assertThat(Arrays.copyOf(buffer.array(), 10)).containsOnly(0);
    assertThat(Arrays.copyOfRange(buffer.array(), 3010, 4000)).containsOnly(0);
    assertThat(decoder.position()).isEqualTo(3000);
  }

  @Test
  void positionMayBeBeyondTheEnd() throws IOException {
    Decoder decoder = Decoder.open(store, encode(BlockSize.KIB_1, new byte[10]));
    for (long position : new long[] {10, 11, 1024, Long.MAX_VALUE}) {
      assertThat(decoder.position(position)).isSameAs(decoder);
      assertThat(decoder.position()).isEqualTo(position);
      assertThat(decoder.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
    assertThat(decoder.position(9).read(ByteBuffer.allocate(5))).isEqualTo(1);
  }

  @Test
  void negativePositionIsRefused() throws IOException {
    Decoder decoder = Decoder.open(store, encode(BlockSize.KIB_1, new byte[10]));
    assertThatThrownBy(() -> decoder.position(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("position -1 is negative");
    assertThat(decoder.position()).isZero();
  }

  @Test
  void emptyBufferTakesNothing() throws IOException {
    Decoder decoder = Decoder.open(store, encode(BlockSize.KIB_1, new byte[10]));
    assertThat(decoder.read(ByteBuffer.allocate(0))).isZero();
    assertThat(decoder.position()).isZero();
  }

  @Test
  void readOnlyBufferIsRefused() throws IOException {
    Decoder decoder = Decoder.open(store, encode(BlockSize.KIB_1, new byte[10]));
    assertThatThrownBy(() -> decoder.read(ByteBuffer.allocate(5).asReadOnlyBuffer()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(decoder.position()).isZero();
  }

  @Test
  void nothingWorksOnceClosed() throws IOException {
    Decoder decoder = Decoder.open(store, encode(BlockSize.KIB_1, new byte[10]));
    assertThat(decoder.isOpen()).isTrue();
    decoder.close();
    decoder.close();
    assertThat(decoder.isOpen()).isFalse();
    assertThatThrownBy(() -> decoder.read(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(decoder::position).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> decoder.position(0)).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(decoder::size).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void nothingCanBeWritten() throws IOException {
    Decoder decoder = Decoder.open(store, encode(BlockSize.KIB_1, new byte[10]));
    assertThatThrownBy(() -> decoder.write(ByteBuffer.allocate(1)))
        .isInstanceOf(NonWritableChannelException.class);
    assertThatThrownBy(() -> decoder.truncate(0)).isInstanceOf(NonWritableChannelException.class);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void openingReadsOneBlockPerLevel(BlockSize blockSize, int size) throws IOException {
    ReadCapability capability = encode(blockSize, Samples.bytes(size, size));
    store.gets = 0;
    assertThat(Decoder.open(store, capability).size()).isEqualTo(size);
    assertThat(store.gets).isEqualTo(capability.level() + 1);
  }

  @Test
  void oneByteCostsAtMostOneBlockPerLevel() throws IOException {
    int size = 300_000;
    ReadCapability capability = encode(BlockSize.KIB_1, Samples.bytes(5, size));
    Decoder decoder = Decoder.open(store, capability);
    var random = new Random(5);
    for (int i = 0; i < 1000; i++) {
      store.gets = 0;
      assertThat(decoder.position(random.nextInt(size)).read(ByteBuffer.allocate(1))).isOne();
      assertThat(store.gets).isLessThanOrEqualTo(capability.level() + 1);
    }
  }

  @Test
  void readingInOrderReadsEachBlockOnce() throws IOException {
    byte[] content = Samples.bytes(6, 300_000);
    Decoder decoder = Decoder.open(store, encode(BlockSize.KIB_1, content));
    assertThat(readAll(decoder, ByteBuffer.allocate(777))).isEqualTo(content);
    int rightEdge = 4; // read by opening, and once more at the end
    assertThat(store.gets)
        .isBetween((long) store.blocks.size(), store.blocks.size() + rightEdge + 0L);
  }

  @Test
  void aReadAsksForItsLeavesAtOnce() throws IOException {
    byte[] content = Samples.bytes(11, 15 * 1024 + 10);
    ReadCapability capability = encode(BlockSize.KIB_1, content);
    var counting = new BatchCounter(store);
    Decoder decoder = Decoder.open(counting, capability);
    counting.batches.clear();
    requirePart(decoder, content, 2 * 1024 + 5, 9 * 1024); // in 10 leaves
    assertThat(counting.batches).containsExactly(10);
    requirePart(decoder, content, 5 * 1024, 1024);
    assertThat(counting.batches).containsExactly(10); // still there
    counting.batches.clear();
    requirePart(decoder, content, 0, 1024);
    requirePart(decoder, content, 10 * 1024, 3 * 1024 + 1);
    requirePart(decoder, content, 9 * 1024 - 1, 1_000_000);
    assertThat(counting.batches).containsExactly(4, 8); // one leaf alone is no batch
  }

  @Test
  void readingInOrderAsksForMoreAndMore() throws IOException {
    byte[] content = Samples.bytes(12, 100 * 32_768);
    ReadCapability capability = encode(BlockSize.KIB_32, content);
    var counting = new BatchCounter(store);
    Decoder decoder = Decoder.open(counting, capability);
    counting.batches.clear();
    assertThat(readAll(decoder, ByteBuffer.allocate(1000))).isEqualTo(content);
    assertThat(counting.batches).containsExactly(2, 4, 8, 16, 16, 16, 16, 16, 6);
    counting.batches.clear();
    requirePart(decoder, content, 0, 1000);
    requirePart(decoder, content, 50 * 32_768, 2_000_000);
    assertThat(counting.batches).containsExactly(16, 16, 16, 3);
  }

  @Test
  void goodLeavesBeforeABadOneAreDeliveredFirst() throws IOException {
    byte[] content = Samples.bytes(7, 10_000);
    ReadCapability capability = encode(BlockSize.KIB_1, content);
    Reference bad = leaf(content, 5);
    store.blocks.remove(bad);
    Decoder decoder = Decoder.open(store, capability);
    for (int i = 0; i < 3; i++) {
      decoder.position(0);
      requirePart(decoder, Arrays.copyOf(content, 5 * 1024), 0, 10_000);
      assertThatThrownBy(() -> decoder.read(ByteBuffer.allocate(10_000)))
          .isInstanceOfSatisfying(
              MissingBlock.class, e -> assertThat(e.reference()).isEqualTo(bad));
      assertThat(decoder.position()).isEqualTo(5 * 1024);
      requirePart(decoder, content, 6 * 1024, 10_000);
      requirePart(decoder, Arrays.copyOf(content, 5 * 1024), 5 * 1024 - 1, 2);
    }
  }

  @Test
  void aFailingReadTakesNoByte() throws IOException {
    byte[] content = Samples.bytes(8, 10_000);
    ReadCapability capability = encode(BlockSize.KIB_1, content);
    store.block(leaf(content, 0))[0]++;
    Decoder decoder = Decoder.open(store, capability);
    var buffer = ByteBuffer.allocate(100);
    assertThatThrownBy(() -> decoder.read(buffer)).isInstanceOf(CorruptBlock.class);
    assertThat(buffer.position()).isZero();
    assertThat(buffer.array()).containsOnly(0);
    assertThat(decoder.position()).isZero();
  }

  @Test
  void aBlockThatComesBackCanBeRead() throws IOException {
    byte[] content = Samples.bytes(9, 300_000);
    ReadCapability capability = encode(BlockSize.KIB_1, content);
    Decoder decoder = Decoder.open(store, capability);
    var all = store.copy();
    store.blocks.clear();
    for (int from = 0; from < content.length - 1024; from += 10_000) {
      int position = from;
      assertThatThrownBy(() -> decoder.position(position).read(ByteBuffer.allocate(1)))
          .isInstanceOf(MissingBlock.class);
    }
    store.blocks.putAll(all.blocks);
    decoder.position(0);
    assertThat(readAll(decoder, ByteBuffer.allocate(10_000))).isEqualTo(content);
  }

  @Test
  void failureOfTheSourceIsPassedOn() throws IOException {
    ReadCapability capability = encode(BlockSize.KIB_1, new byte[5000]);
    var failure = new IOException("device gone");
    assertThatThrownBy(
            () ->
                Decoder.open(
                    (_, _) -> {
                      throw failure;
                    },
                    capability))
        .isSameAs(failure);
  }

  @Test
  void decodersOfOneSourceDoNotDisturbEachOther() throws IOException {
    byte[] content = Samples.bytes(10, 40_000);
    ReadCapability capability = encode(BlockSize.KIB_1, content);
    Decoder first = Decoder.open(store, capability);
    Decoder second = Decoder.open(store, capability);
    for (int from = 0; from < content.length; from += 3000) {
      requirePart(first, content, from, 3000);
      requirePart(second, content, content.length - from, 3000);
    }
    first.close();
    requirePart(second, content, 0, content.length);
  }

  @Test
  void rootKeyCanBeVerifiedFromLevel1On() throws IOException {
    assertThat(Decoder.open(store, encode(BlockSize.KIB_1, new byte[1023])).rootKeyVerified())
        .isFalse();
    assertThat(Decoder.open(store, encode(BlockSize.KIB_1, new byte[1024])).rootKeyVerified())
        .isTrue();
  }

  /// Remembers how many blocks were asked for at once.
  private static final class BatchCounter implements BlockSource {
    private final BlockSource source;
    private final List<Integer> batches = new ArrayList<>();

    BatchCounter(BlockSource source) {
      this.source = source;
    }

    @Override
    public Optional<MemorySegment> get(Reference reference, MemorySegment target)
        throws IOException {
      return source.get(reference, target);
    }

    @Override
    public BitSet getAll(BlockBatch batch) throws IOException {
      batches.add(batch.count());
      return source.getAll(batch);
    }
  }

  private ReadCapability encode(BlockSize blockSize, byte[] content) throws IOException {
    return new Encoder(blockSize, store)
        .encode(new ByteArrayInputStream(content), Samples.secret(1));
  }

  /// The block of a leaf that is not the last.
  private static Reference leaf(byte[] content, int index) {
    var maker = new TreeMaker(BlockSize.KIB_1, Dialect.V1_0_0, Samples.secret(1));
    return maker.leaf(Arrays.copyOfRange(content, index * 1024, index * 1024 + 1024)).reference();
  }

  private static void requirePart(Decoder decoder, byte[] content, int from, int count)
      throws IOException {
    var buffer = ByteBuffer.allocate(count);
    int wanted = Math.max(0, Math.min(count, content.length - from));
    String what = "%d bytes from %d of %d".formatted(count, from, content.length);
    int read = decoder.position(from).read(buffer);
    assertThat(read).as(what).isEqualTo(from >= content.length ? -1 : wanted);
    assertThat(Arrays.copyOf(buffer.array(), wanted))
        .as(what)
        .isEqualTo(wanted == 0 ? new byte[0] : Arrays.copyOfRange(content, from, from + wanted));
  }

  private static byte[] readAll(Decoder decoder, ByteBuffer buffer) throws IOException {
    var all = new ByteArrayOutputStream();
    while (decoder.read(buffer.clear()) >= 0) {
      byte[] bytes = new byte[buffer.flip().remaining()];
      buffer.get(bytes);
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }
}
