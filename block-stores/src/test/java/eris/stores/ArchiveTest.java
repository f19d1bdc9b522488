package eris.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.ReadCapability;
import eris.Reference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArchiveTest {
  private static final String BLOCK = "00".repeat(1024);
  private static final String KEY = hex(referenceOf(BLOCK));
  private static final String ENTRY = "5820" + KEY + "590400" + BLOCK;
  private static final String CAPABILITY = "d901145842" + "0a00" + "11".repeat(64);

  @TempDir Path directory;

  /// What a reader is told.
  static final class Told implements ArchiveReader.Visitor {
    final List<Reference> blocks = new ArrayList<>();
    final List<Reference> corrupt = new ArrayList<>();
    final List<ReadCapability> capabilities = new ArrayList<>();

    @Override
    public void block(Reference reference, MemorySegment block, long offsetBytes) {
      assertThat(Reference.of(block)).isEqualTo(reference);
      blocks.add(reference);
    }

    @Override
    public void corrupt(CorruptBlock e) {
      corrupt.add(e.reference());
    }

    @Override
    public void capability(ReadCapability capability) {
      capabilities.add(capability);
    }
  }

  @Test
  void writerWritesTheseBytes() throws IOException {
    var out = new ByteArrayOutputStream();
    var writer = new ArchiveWriter(out);
    writer.add(referenceOf(BLOCK), segment(BLOCK));
    writer.add(ReadCapability.parse(bytes("0a00" + "11".repeat(64))));
    writer.finish();
    assertThat(HexFormat.of().formatHex(out.toByteArray()))
        .isEqualTo("da65726973" + "9f" + "bf" + ENTRY + "ff" + CAPABILITY + "ff");
  }

  @Test
  void emptyArchiveHasItsEnds() throws IOException {
    var out = new ByteArrayOutputStream();
    new ArchiveWriter(out).finish();
    assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo("da657269739fbfffff");
    assertThat(read("da657269739fbfffff").blocks).isEmpty();
  }

  @Test
  void blocksComeBeforeCapabilities() throws IOException {
    var writer = new ArchiveWriter(new ByteArrayOutputStream());
    writer.add(ReadCapability.parse(bytes("0a00" + "11".repeat(64))));
    assertThatIllegalStateException()
        .isThrownBy(() -> writer.add(referenceOf(BLOCK), segment(BLOCK)));
  }

  @ParameterizedTest
  @CsvSource({
    "da657269739fbf, ffff, tagged",
    "d9d9f7da657269739fbf, ffff, self-described",
    "d9d9f79fbf, ffff, self-described alone",
    "9fbf, ffff, without tags",
    "81a1, '', definite lengths",
    "9fa1, ff, definite map",
    "81bf, ff, definite array",
    "9b0000000000000001b90001, '', long heads",
    "db00000000657269739801ba00000001, '', long heads and tag",
  })
  void everySpellingIsRead(String begin, String end, String name) throws IOException {
    Told told = read(begin + ENTRY + end);
    assertThat(told.blocks).as(name).containsExactly(referenceOf(BLOCK));
    assertThat(told.corrupt).isEmpty();
  }

  @Test
  void largeBlocksRepeatedBlocksAndCapabilitiesAreRead() throws IOException {
    String large = "01".repeat(BlockSize.MAX_BYTES);
    String entry = "5820" + hex(referenceOf(large)) + "5a00008000" + large;
    Told told = read("83a3" + entry + ENTRY + entry + CAPABILITY + CAPABILITY);
    assertThat(told.blocks)
        .containsExactly(referenceOf(large), referenceOf(BLOCK), referenceOf(large));
    assertThat(told.capabilities)
        .hasSize(2)
        .containsOnly(ReadCapability.parse(bytes("0a00" + "11".repeat(64))));
  }

  @Test
  void blockThatDoesNotHashToItsKeyIsTold() throws IOException {
    Told told =
        read("9fbf" + ENTRY.replace("590400" + BLOCK, "590400" + "01".repeat(1024)) + "ffff");
    assertThat(told.blocks).isEmpty();
    assertThat(told.corrupt).containsExactly(referenceOf(BLOCK));
  }

  @ParameterizedTest
  @CsvSource({
    "'', byte 0: the input ends before the archive does",
    "da65726973, byte 5: the input ends before the archive does",
    "80, byte 0: something else than an array with a map of blocks",
    "9fff, byte 0: something else than an array with a map of blocks",
    "a0, byte 0: something else than an array",
    "9f9fffff, byte 1: something else than a map of blocks",
    "da657269749fbfffff, byte 0: something else than an array",
    "9fbf41, byte 2: something else than a reference of 32 bytes",
    "9fbf5f, byte 2: something else than a reference of 32 bytes",
    "9fbf5821, byte 2: something else than a reference of 32 bytes",
    "9fbf7820, byte 2: something else than a reference of 32 bytes",
    "9fbf5820aa, byte 5: the input ends within a string",
    "9fbfff00ff, byte 3: something else than a read capability",
    "9fbfffd9011440ff, byte 6: something else than a read capability of 66 bytes",
    "9fbfffc0ff, byte 3: something else than a read capability",
    "9fbfffff00, 'byte 4: the archive has ended, but not the input'",
    "9c, byte 0: no cbor",
    "9bffffffffffffffff, byte 0: a length or tag of 2^63 or more",
  })
  void anythingElseIsMalformed(String archive, String message) {
    assertThatExceptionOfType(MalformedArchive.class)
        .isThrownBy(() -> read(archive))
        .withMessage("malformed archive at " + message);
  }

  @Test
  void blocksOfOtherSizesAreMalformed() {
    for (String head :
        List.of("40", "590001", "5903ff", "590401", "5a00008001", "5b7fffffffffffffff")) {
      assertThatExceptionOfType(MalformedArchive.class)
          .isThrownBy(() -> read("9fbf5820" + KEY + head))
          .withMessage(
              "malformed archive at byte 36: something else than a block of 1024 or 32768 bytes");
    }
  }

  @Test
  void capabilityOfUnknownBlockSizeIsMalformedAndNotSpelledOut() {
    assertThatExceptionOfType(MalformedArchive.class)
        .isThrownBy(() -> read("9fbfff" + CAPABILITY.replace("0a00", "0b00") + "ff"))
        .withMessage(
            "malformed archive at byte 6: malformed read capability: unknown block size 0x0b, want"
                + " 0x0a or 0x0f");
  }

  @Test
  void anArchiveCutAnywhereIsMalformedAndGivesWhatIsWhole() throws IOException {
    byte[] whole = bytes("da657269739fbf" + ENTRY + ENTRY + "ff" + CAPABILITY + "ff");
    int entryBytes = ENTRY.length() / 2;
    for (int length = 0; length < whole.length; length++) {
      var told = new Told();
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatExceptionOfType(MalformedArchive.class)
          .isThrownBy(() -> ArchiveReader.read(new ByteArrayInputStream(cut), told));
      assertThat(told.blocks).hasSize(Math.clamp((length - 7) / entryBytes, 0, 2));
    }
    assertThat(read(HexFormat.of().formatHex(whole)).blocks).hasSize(2);
  }

  @Test
  void archiveIsAStoreToReadFrom() throws IOException {
    Path file = directory.resolve("a.cbor");
    String corrupt = "5820" + "22".repeat(32) + "590400" + BLOCK;
    Files.write(file, bytes("9fbf" + corrupt + ENTRY + "ffff"));
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    try (ArchiveStore store = ArchiveStore.open(file)) {
      assertThat(store.contains(referenceOf(BLOCK))).isTrue();
      assertThat(store.get(referenceOf(BLOCK), target))
          .hasValueSatisfying(block -> assertThat(block.mismatch(segment(BLOCK))).isEqualTo(-1));
      Reference bad = Reference.readFrom(segment("22".repeat(32)), 0);
      assertThat(store.contains(bad)).isFalse();
      assertThat(store.get(bad, target)).isEmpty();
      List<Reference> held = new ArrayList<>();
      store.forEach(Reference.LEAST, (reference, _) -> held.add(reference));
      assertThat(held).containsExactly(referenceOf(BLOCK));
      assertThatExceptionOfType(eris.store.StoreException.ReadOnly.class)
          .isThrownBy(() -> store.put(referenceOf(BLOCK), segment(BLOCK)));
      Files.write(file, bytes("9fbf"));
      assertThatExceptionOfType(CorruptBlock.class)
          .isThrownBy(() -> store.get(referenceOf(BLOCK), target))
          .withMessageContaining("the archive was cut");
    }
    assertThatExceptionOfType(MalformedArchive.class).isThrownBy(() -> ArchiveStore.open(file));
  }

  private static Told read(String hex) throws IOException {
    var told = new Told();
    ArchiveReader.read(new ByteArrayInputStream(bytes(hex)), told);
    return told;
  }

  private static Reference referenceOf(String hex) {
    return Reference.of(segment(hex));
  }

  private static MemorySegment segment(String hex) {
    return MemorySegment.ofArray(bytes(hex));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static String hex(Reference reference) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[Reference.BYTES]);
    reference.writeTo(bytes, 0);
    return HexFormat.of().formatHex(bytes.toArray(ValueLayout.JAVA_BYTE));
  }
}
