package eris.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalFilesTest {
  private static final MemorySegment CONTENT = MemorySegment.ofArray(new byte[] {1, 2, 3});

  @TempDir private Path root;
  private LocalFiles files;

  @BeforeEach
  void files() throws IOException {
    files = LocalFiles.below(root);
  }

  @Test
  void whatIsNotThereIsNoError() throws IOException {
    assertThat(files.size("x")).isEmpty();
    assertThat(files.read("x", CONTENT)).isEmpty();
    assertThat(files.list("x")).isEmpty();
    files.delete("x");
  }

  @Test
  void fileLargerThanTheTargetIsMeasuredOnly() throws IOException {
    files.write("x", CONTENT);
    byte[] target = new byte[2];
    assertThat(files.read("x", MemorySegment.ofArray(target))).hasValue(3);
    assertThat(target).containsOnly(0);
  }

  @Test
  void fileIsWrittenOnce() throws IOException {
    files.write("x", CONTENT);
    assertThatIOException()
        .isThrownBy(() -> files.write("x", CONTENT))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void renameReplaces() throws IOException {
    files.createDirectory("d");
    files.createDirectory("d");
    files.write("x", CONTENT);
    files.write("d/y", MemorySegment.ofArray(new byte[9]));
    files.rename("x", "d/y");
    files.flush(List.of("d/y", "d", ""));
    assertThat(files.size("d/y")).hasValue(3);
    assertThat(files.list("")).containsExactly("d");
  }

  @Test
  void flushOfAMissingFileFails() throws IOException {
    files.write("x", CONTENT);
    assertThatIOException()
        .isThrownBy(() -> files.flush(List.of("x", "y")))
        .withMessageStartingWith("flush failed: ");
  }

  @Test
  void interruptedThreadFlushesAllTheSame() throws IOException {
    files.write("x", CONTENT);
    Thread.currentThread().interrupt();
    files.flush(List.of("x", ""));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void lockIsHeldOnceByWhateverNameTheDirectoryGoes() throws IOException {
    Path link = Files.createSymbolicLink(root.resolve("link"), root);
    LocalFiles sameFiles = LocalFiles.below(link);
    try (Closeable _ = files.tryLock("lock").orElseThrow()) {
      assertThat(files.tryLock("lock")).isEmpty();
      assertThat(sameFiles.tryLock("lock")).isEmpty();
    }
    sameFiles.tryLock("lock").orElseThrow().close();
  }

  @Test
  void rootIsCreatedWithItsParents() throws IOException {
    LocalFiles deep = LocalFiles.create(root.resolve("a/b/c"));
    deep.write("x", CONTENT);
    assertThat(root.resolve("a/b/c/x")).hasSize(3);
    LocalFiles.create(root.resolve("a/b/c"));
  }

  @Test
  void uniqueNamesDiffer() {
    assertThat(files.uniqueName()).matches("[0-9a-f]{32}").isNotEqualTo(files.uniqueName());
  }
}
