package eris.image.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import eris.image.tree.StoredFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class SealedFileTest {
  @Test
  void whatIsWrittenIsThereAndStays() throws IOException {
    byte[] content = StoredFiles.randomBytes(100_000, 1);
    try (SealedFile file = SealedFile.create("name", to -> to.write(ByteBuffer.wrap(content)))) {
      assertThat(Files.readAllBytes(file.path())).isEqualTo(content);
      assertThat(Files.readSymbolicLink(file.path()).toString()).startsWith("/memfd:name");
      assertThat(file.descriptor()).isGreaterThanOrEqualTo(100);
      try (FileChannel again =
          FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        assertThatIOException().isThrownBy(() -> again.write(ByteBuffer.allocate(1), 0));
        assertThatIOException().isThrownBy(() -> again.write(ByteBuffer.allocate(1), 100_000));
        assertThatIOException().isThrownBy(() -> again.truncate(1));
        assertThatIOException().isThrownBy(() -> again.map(FileChannel.MapMode.READ_WRITE, 0, 1));
      }
      assertThat(Files.readAllBytes(file.path())).isEqualTo(content);
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsNotThere() throws IOException {
    long before = descriptors();
    assertThatIOException()
        .isThrownBy(
            () ->
                SealedFile.create(
                    "name",
                    _ -> {
                      throw new IOException("no content");
                    }))
        .withMessage("no content");
    assertThat(descriptors()).isEqualTo(before);
  }

  @Test
  void anyNameServes() throws IOException {
    for (String name : new String[] {"", "größe", "a/b\n", "n".repeat(1000)}) {
      SealedFile.create(name, _ -> {}).close();
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> paths = Files.list(Path.of("/proc/self/fd"))) {
      return paths.filter(path -> path.getFileName().toString().length() >= 3).count();
    }
  }
}
