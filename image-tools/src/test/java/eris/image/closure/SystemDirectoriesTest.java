package eris.image.closure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where libraries are searched: `/etc/ld.so.conf` and run-paths.
final class SystemDirectoriesTest {
  @TempDir Path directory;

  private Path file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void includedFilesAreReadInTheOrderOfTheirNames() throws IOException {
    Path configuration =
        file("ld.so.conf", "# comment\n/first\ninclude conf.d/*.conf missing/*\n  /last # here\n");
    file("conf.d/2.conf", "/two /three:/four\n");
    file("conf.d/1.conf", "/one\n/first\nhwcap 0 nosegneg\n");
    file("conf.d/other", "/other\n");

    assertThat(SystemDirectories.read(configuration).configured())
        .map(Path::toString)
        .containsExactly("/first", "/one", "/two", "/three", "/four", "/last");
    assertThat(SystemDirectories.read(directory.resolve("nothing")).configured()).isEmpty();
  }

  @Test
  void aFileThatIncludesItselfHasAnEnd() throws IOException {
    Path configuration = file("ld.so.conf", "include ld.so.conf\n");

    assertThatThrownBy(() -> SystemDirectories.read(configuration))
        .isInstanceOf(ClosureException.class)
        .hasMessageEndingWith("includes nest too deep");
  }

  @Test
  void theLoadersOwnDirectoriesComeLast() {
    assertThat(new SystemDirectories(List.of(Path.of("/x"))).forArchitecture("i686"))
        .map(Path::toString)
        .containsExactly(
            "/x",
            "/lib/i386-linux-gnu",
            "/usr/lib/i386-linux-gnu",
            "/lib64",
            "/usr/lib64",
            "/lib",
            "/usr/lib");
  }

  @Test
  void wordsInRunPathsAreReplaced() {
    assertThat(
            RunPath.directories(
                "$ORIGIN/../lib::/opt/${PLATFORM}:/x/$LIB", Path.of("/o"), "x86_64"))
        .map(Path::toString)
        .containsExactly(
            "/o/../lib", "/opt/x86_64", "/x/lib/x86_64-linux-gnu", "/x/lib64", "/x/lib");
  }
}
