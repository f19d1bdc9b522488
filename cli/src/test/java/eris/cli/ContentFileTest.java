package eris.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContentFileTest {
  @TempDir Path directory;

  @FunctionalInterface
  private interface Change {
    void apply(Path file) throws IOException;
  }

  @Test
  void aFileThatIsLeftAloneIsFine() throws Exception {
    try (ContentFile content = ContentFile.open(file())) {
      content.requireUnchanged();
    }
  }

  @Test
  void aFileThatGrowsIsRefused() throws Exception {
    assertRefused(
        file -> Files.writeString(file, "more", StandardOpenOption.APPEND),
        "changed while it was read");
  }

  @Test
  void aFileThatIsReplacedIsRefused() throws Exception {
    assertRefused(
        file -> {
          Path other = Files.writeString(directory.resolve("other"), "content");
          Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
          Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        },
        "changed while it was read");
  }

  @Test
  void aFileThatVanishesIsRefused() throws Exception {
    assertRefused(Files::delete, "vanished while it was read");
  }

  private void assertRefused(Change change, String reason) throws Exception {
    Path file = file();
    try (ContentFile content = ContentFile.open(file)) {
      change.apply(file);
      assertThatThrownBy(content::requireUnchanged)
          .isInstanceOf(Failure.class)
          .hasMessage(file + ": " + reason);
    }
  }

  private Path file() throws IOException {
    return Files.writeString(directory.resolve("file"), "content");
  }
}
