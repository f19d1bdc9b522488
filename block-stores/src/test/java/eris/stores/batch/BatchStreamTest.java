package eris.stores.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.Reference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Streams byte by byte, as `docs/formats/batch.md` has them.
final class BatchStreamTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final BatchWriter writer = new BatchWriter(bytes);

  private String hex() {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private static BatchItem read(String hex) throws IOException {
    return new BatchReader(new ByteArrayInputStream(HexFormat.of().parseHex(hex)))
        .next(new byte[BatchReader.MOST_BYTES]);
  }

  /// The digests are those of Python's hashlib.blake2b(…, digest_size=32).
  @Test
  void itemsHaveTheseBytes() throws IOException {
    writer.bytes(MemorySegment.ofArray(new byte[] {5}));
    writer.bytes(MemorySegment.ofArray(new byte[32]));
    writer.bytes(MemorySegment.ofArray(new byte[1024]));
    writer.durable(23);
    writer.durable(24);
    writer.durable(65_536);
    writer.missing();
    writer.unreadable();
    writer.failed(BatchFailure.READ_ONLY);
    writer.end();
    assertThat(hex())
        .isEqualTo(
            "4105"
                + "5820"
                + "00".repeat(32)
                + "590400"
                + "00".repeat(1024)
                + "17"
                + "1818"
                + "1a00010000"
                + "f6"
                + "f4"
                + "69726561642d6f6e6c79"
                + "8203"
                + "5820"
                + "fe449a3ea7834e900cb3b3ba81cb2797f5810ab9f6ddd42b5bb38c0e9fbb182a");
  }

  @Test
  void sizesAreKnownBefore() throws IOException {
    for (int length : new int[] {1, 23, 24, 255, 256, 1024, 32_768}) {
      bytes.reset();
      writer.bytes(MemorySegment.ofArray(new byte[length]));
      assertThat(bytes.size()).isEqualTo(BatchWriter.sizeOf(length));
    }
    for (long count : new long[] {0, 23, 24, 255, 256, 65_535, 65_536, 1L << 32}) {
      bytes.reset();
      writer.end(new EndMark(count, Reference.LEAST));
      assertThat(bytes.size()).isEqualTo(BatchWriter.sizeOfEnd(count));
    }
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    writer.bytes(MemorySegment.ofArray(new byte[300]));
    writer.durable(1L << 40);
    writer.missing();
    writer.unreadable();
    for (BatchFailure failure : BatchFailure.values()) {
      writer.failed(failure);
    }
    writer.end();
    var in = new ByteArrayInputStream(bytes.toByteArray());
    var reader = new BatchReader(in);
    List<BatchItem> items = new ArrayList<>();
    while (reader.hasMore()) {
      items.add(reader.next(new byte[BatchReader.MOST_BYTES]));
    }
    assertThat(items)
        .startsWith(
            new BatchItem.Bytes(300),
            new BatchItem.Durable(1L << 40),
            new BatchItem.Missing(),
            new BatchItem.Unreadable(),
            new BatchItem.Failed(BatchFailure.MALFORMED))
        .hasSize(4 + BatchFailure.values().length + 1);
    assertThat(items.getLast()).isInstanceOf(BatchItem.End.class);
    reader.requireEnd();
  }

  @Test
  void otherBytesAreMalformed() {
    for (String hex :
        List.of(
            "",
            "40",
            "5801" + "00",
            "590020" + "00".repeat(32),
            "598001" + "00".repeat(32_769),
            "5a00000400",
            "5bffffffffffffffff",
            "5f",
            "20",
            "1817",
            "1900ff",
            "1bffffffffffffffff",
            "7818" + "61".repeat(24),
            "80",
            "81",
            "83",
            "a0",
            "c0",
            "f5",
            "f7",
            "ff",
            "8201",
            "820158" + "1f" + "00".repeat(31),
            "820141" + "00",
            "82205820" + "00".repeat(32),
            "5820" + "00".repeat(31))) {
      assertThatThrownBy(() -> read(hex)).as(hex).isInstanceOf(MalformedBatch.class);
    }
  }

  /// Whatever comes, it is read in bounded memory, and refused or understood.
  @Test
  void anyBytesAreItemsOrMalformed() throws IOException {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] input = new byte[random.nextInt(80)];
      random.nextBytes(input);
      var reader = new BatchReader(new ByteArrayInputStream(input));
      try {
        while (true) {
          reader.next(new byte[BatchReader.MOST_BYTES]);
        }
      } catch (MalformedBatch e) {
        assertThat(e).as("seed %d", seed).hasMessageStartingWith("malformed batch: ");
      }
    }
  }
}
