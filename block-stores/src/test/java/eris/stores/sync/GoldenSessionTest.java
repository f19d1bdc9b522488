package eris.stores.sync;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import eris.store.MemoryBlockStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Small sessions and files, byte by byte: the format does not change unseen.
final class GoldenSessionTest {
  private static final String LEAST = "00".repeat(32);
  private static final String GREATEST = "ff".repeat(32);

  private final MemorySegment ours = Script.block(BlockSize.KIB_1, 1);
  private final MemorySegment theirs = Script.block(BlockSize.KIB_32, 2);
  private final MemoryBlockStore left = holding(ours);
  private final MemoryBlockStore right = holding(theirs);

  private static MemoryBlockStore holding(MemorySegment block) {
    var store = new MemoryBlockStore();
    store.put(Reference.of(block), block);
    return store;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String hex(MemorySegment bytes) {
    return hex(bytes.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
  }

  private static String reference(MemorySegment block) {
    return hex(SyncOutput.bytesOf(Reference.of(block)));
  }

  private static String digest(MemorySegment block) {
    SetDigest digest = Script.SALT.digest(Reference.of(block));
    return "%016x%016x".formatted(digest.high(), digest.low());
  }

  private static String salt() {
    return "%016x%016x"
        .formatted(Long.reverseBytes(Script.SALT.k0()), Long.reverseBytes(Script.SALT.k1()));
  }

  @Test
  void twoStoresExchangeABlockEach() throws IOException {
    String hello = "45525359" + "01" + "03" + salt() + "0000" + "0000000000000001";
    String all = "00" + "0001" + "000000";
    String one = "0000000000000001";
    String fromLeft =
        hello
            + digest(ours)
            + "03"
            + LEAST
            + GREATEST
            + all
            + "00"
            + reference(ours)
            + "ff"
            + "06"
            + one
            + "05"
            + "0a"
            + hex(ours)
            + "00"
            + one
            + digest(ours)
            + "07";
    String fromRight =
        hello
            + digest(theirs)
            + "05"
            + "0f"
            + hex(theirs)
            + "00"
            + one
            + digest(theirs)
            + "04"
            + "00"
            + "06"
            + one
            + "07";
    byte[] said = Script.initiate(left, Script.BOTH, HexFormat.of().parseHex(fromRight));
    assertThat(hex(said)).isEqualTo(fromLeft);
    byte[] answers = Script.respond(right, HexFormat.of().parseHex(fromLeft));
    assertThat(hex(answers)).isEqualTo(fromRight);
    assertThat(left.contains(Reference.of(theirs))).isTrue();
    assertThat(right.contains(Reference.of(ours))).isTrue();
  }

  @Test
  void questionsAboutRangesAreTheseBytes() throws IOException {
    var bytes = new ByteArrayOutputStream();
    SyncOutput out = SyncOutput.toFile(bytes);
    new Question.Compare(new Ranges(12, new int[] {1, 0x2a, 0xfff}), 4).writeTo(out);
    out.flush();
    assertThat(hex(bytes.toByteArray()))
        .isEqualTo("01" + "0c" + "0003" + "00000100002a000fff" + "04");
  }

  @Test
  void filesAreTheseBytes() throws IOException {
    var have = new ByteArrayOutputStream();
    right.put(Reference.of(ours), ours);
    assertThat(HaveFile.write(left, new Random(1), have)).isEqualTo(1);
    String one = "0000000000000001";
    assertThat(hex(have.toByteArray()))
        .isEqualTo("45525348" + "01" + salt() + "00" + reference(ours) + "ff" + one + digest(ours));

    var blocks = new ByteArrayOutputStream();
    BlockFile.write(
        Script.synced(right),
        Optional.of(new ByteArrayInputStream(have.toByteArray())),
        new Random(1),
        blocks);
    assertThat(hex(blocks.toByteArray()))
        .isEqualTo("45525342" + "01" + salt() + "0f" + hex(theirs) + "00" + one + digest(theirs));
    SyncResult read =
        BlockFile.read(new ByteArrayInputStream(blocks.toByteArray()), Script.synced(left));
    assertThat(read.receivedBlocks()).isEqualTo(1);
    assertThat(left.count()).isEqualTo(2);
  }
}
