package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import eris.BlockSize;
import eris.store.BlockStore;
import eris.store.StoreException;
import eris.stores.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What may and may not be opened, and who may write at the same time.
final class DirectoryStoreOpeningTest {
  private static final SampleBlock FIRST = SampleBlock.of(BlockSize.KIB_1, 1);
  private static final SampleBlock SECOND = SampleBlock.of(BlockSize.KIB_32, 2);

  @TempDir private Path parent;
  private Path place;

  @BeforeEach
  void place() {
    place = parent.resolve("store");
  }

  @Test
  void filesAreWhereTheFormatSays() throws IOException {
    putAndSync(FIRST);
    String name = FIRST.reference().toString();
    assertThat(place.resolve("FORMAT")).hasContent("eris dir 1\n");
    assertThat(name).hasSize(52);
    assertThat(place.resolve(name.substring(0, 2)).resolve(name)).hasSize(1024);
    assertThat(place.resolve("writers")).isEmptyDirectory();
  }

  @Test
  void readingAPathThatDoesNotExistIsAnError() {
    assertThatIOException()
        .isThrownBy(() -> DirectoryStore.openReadOnly(place))
        .withMessage("no store at " + place);
    assertThat(place).doesNotExist();
  }

  @Test
  void emptyDirectoryIsAnEmptyStore() throws IOException {
    Files.createDirectory(place);
    try (BlockStore store = DirectoryStore.openReadOnly(place)) {
      assertThat(store.contains(FIRST.reference())).isFalse();
    }
    assertThat(place).isEmptyDirectory();
    putAndSync(FIRST);
    assertHeld(FIRST);
  }

  @Test
  void freshFileSystemIsAnEmptyStore() throws IOException {
    Files.createDirectories(place.resolve("lost+found"));
    putAndSync(FIRST);
    assertHeld(FIRST);
  }

  @Test
  void foreignDirectoryIsLeftAlone() throws IOException {
    Files.createDirectory(place);
    Files.writeString(place.resolve("letter.txt"), "dear …");
    assertThatIOException()
        .isThrownBy(() -> DirectoryStore.open(place))
        .withMessageContaining("but other files");
    assertThatIOException().isThrownBy(() -> DirectoryStore.openReadOnly(place));
    assertThat(names()).containsExactly("letter.txt");
  }

  @Test
  void fileIsNotAStore() throws IOException {
    Files.writeString(place, "dear …");
    assertThatIOException()
        .isThrownBy(() -> DirectoryStore.open(place))
        .withMessageContaining("is not a directory");
    assertThatIOException().isThrownBy(() -> DirectoryStore.openReadOnly(place));
    assertThat(place).hasContent("dear …");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eris dir 2\n", "eris dir 10\n", "", "eris dir 1 and more", "ERIS"})
  void otherFormatIsRefused(String format) throws IOException {
    putAndSync(FIRST);
    Files.writeString(place.resolve("FORMAT"), format);
    List<String> before = names();
    assertThatIOException()
        .isThrownBy(() -> DirectoryStore.open(place))
        .withMessageContaining("want 'eris dir 1'");
    assertThatIOException().isThrownBy(() -> DirectoryStore.openReadOnly(place));
    assertThat(names()).isEqualTo(before);
  }

  @Test
  void foreignFilesInAStoreAreIgnored() throws IOException {
    putAndSync(FIRST);
    Files.writeString(place.resolve("letter.txt"), "dear …");
    Files.writeString(place.resolve("writers/note"), "…");
    Files.createDirectory(place.resolve("writers/draft"));
    putAndSync(SECOND);
    assertHeld(FIRST);
    assertHeld(SECOND);
    assertThat(place.resolve("letter.txt")).exists();
    assertThat(place.resolve("writers/note")).exists();
    assertThat(place.resolve("writers/draft")).exists();
  }

  @Test
  void readerWritesNothing() throws IOException {
    putAndSync(FIRST);
    List<String> before = names();
    try (BlockStore store = DirectoryStore.openReadOnly(place)) {
      assertThat(Witness.read(store, FIRST)).isPresent();
      assertThatExceptionOfType(StoreException.ReadOnly.class)
          .isThrownBy(() -> store.put(FIRST.reference(), FIRST.bytes()));
      store.sync();
      assertThat(names()).isEqualTo(before);
    }
    assertThat(names()).isEqualTo(before);
  }

  @Test
  void directoryThatCannotBeWrittenIsReadOnly() {
    Path system = Path.of("/sys/eris-store"); // where not even root creates anything
    assumeThat(system.getParent()).as("needs /sys").isDirectory();
    assertThatExceptionOfType(StoreException.ReadOnly.class)
        .isThrownBy(() -> DirectoryStore.open(system))
        .withMessage("store dir:/sys/eris-store is read-only");
  }

  @Test
  void blocksAreSeenByOthersOnceSynced() throws IOException {
    try (BlockStore one = DirectoryStore.open(place);
        BlockStore two = DirectoryStore.open(place);
        BlockStore reader = DirectoryStore.openReadOnly(place)) {
      one.put(FIRST.reference(), FIRST.bytes());
      two.put(FIRST.reference(), FIRST.bytes());
      two.put(SECOND.reference(), SECOND.bytes());
      assertThat(reader.contains(FIRST.reference())).isFalse();
      one.sync();
      assertThat(reader.contains(FIRST.reference())).isTrue();
      assertThat(reader.contains(SECOND.reference())).isFalse();
      two.sync();
      assertThat(Witness.read(reader, SECOND)).isPresent();
      assertThat(Witness.read(one, SECOND)).isPresent();
    }
    assertThat(place.resolve("writers")).isEmptyDirectory();
  }

  @Test
  void newWriterRemovesWhatTheDeadLeftAndNothingElse() throws IOException {
    try (BlockStore living = DirectoryStore.open(place)) {
      living.put(FIRST.reference(), FIRST.bytes());
      Path dead = Files.createDirectory(place.resolve("writers/" + "0".repeat(32)));
      Files.writeString(dead.resolve("0"), "half a blo");
      Files.createFile(place.resolve("writers/" + "1".repeat(32) + ".lock"));
      try (BlockStore next = DirectoryStore.open(place)) {
        assertThat(dead).doesNotExist();
        assertThat(place.resolve("writers").toFile().list()).hasSize(4); // of the two living
        next.sync();
      }
      living.sync();
    }
    assertHeld(FIRST);
  }

  @Test
  void blocksThatWaitTooManyAreSynced() throws IOException {
    List<SampleBlock> blocks = SampleBlock.list(BlockSize.KIB_1, 1_025);
    var files = new SimulatedFiles();
    try (BlockStore store = DirectoryStore.open(files, "simulated");
        BlockStore reader = DirectoryStore.openReadOnly(files, "simulated")) {
      store.putAll(SampleBlock.batch(BlockSize.KIB_1, blocks));
      assertThat(reader.contains(blocks.get(1_023).reference())).isTrue();
      assertThat(reader.contains(blocks.get(1_024).reference())).isFalse();
    }
  }

  @Test
  void blocksNeverSyncedAreGone() throws IOException {
    try (BlockStore store = DirectoryStore.open(place)) {
      store.put(FIRST.reference(), FIRST.bytes());
    }
    try (BlockStore store = DirectoryStore.openReadOnly(place)) {
      assertThat(store.contains(FIRST.reference())).isFalse();
    }
  }

  private void putAndSync(SampleBlock block) throws IOException {
    try (BlockStore store = DirectoryStore.open(place)) {
      store.put(block.reference(), block.bytes());
      store.sync();
    }
  }

  private void assertHeld(SampleBlock block) throws IOException {
    try (BlockStore store = DirectoryStore.openReadOnly(place)) {
      assertThat(Witness.read(store, block)).isPresent();
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.walk(place)) {
      return paths.skip(1).map(path -> place.relativize(path).toString()).sorted().toList();
    }
  }
}
