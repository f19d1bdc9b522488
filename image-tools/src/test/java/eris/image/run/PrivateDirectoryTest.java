package eris.image.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class PrivateDirectoryTest {
  @TempDir Path place;

  @Test
  @Timeout(20)
  void aDirectoryVanishesWhenNobodyHasItOpen() throws Exception {
    PrivateDirectory directory = PrivateDirectory.create(List.of(place.resolve("absent"), place));
    Files.createSymbolicLink(directory.path().resolve("name"), Path.of("/proc/self/fd/0"));
    Path whole = Objects.requireNonNull(directory.path().getParent());

    assertThat(whole.getParent()).isEqualTo(place);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(whole)))
        .isEqualTo("rwx------");
    makeOld(whole);
    PrivateDirectory.removeDead(place);
    assertThat(whole).isDirectory();

    Linux.close(directory.descriptor());
    while (Files.exists(whole)) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void onlyWhatIsOldAndDeadIsRemoved() throws IOException {
    Path dead = create("eris-run-dead", "rwx------");
    Files.createDirectory(dead.resolve("closure"));
    Linux.createPipe(dead.resolve("alive").toString());
    Files.writeString(dead.resolve("closure/file"), "content");
    Path torso = create("eris-run-torso", "rwx------"); // its pipe was never made
    Path strange = create("eris-run-strange", "rwxrwxrwx"); // as we make none
    Linux.createPipe(strange.resolve("alive").toString());
    Path young = create("eris-run-young", "rwx------");
    Linux.createPipe(young.resolve("alive").toString());
    Path elsewhere = Files.createDirectory(place.resolve("other"));
    Files.writeString(elsewhere.resolve("precious"), "content");
    Files.createSymbolicLink(place.resolve("eris-run-link"), elsewhere);
    Files.createSymbolicLink(dead.resolve("closure/link"), elsewhere);
    makeOld(dead);
    makeOld(torso);
    makeOld(strange);
    makeOld(elsewhere);

    PrivateDirectory.removeDead(place);

    assertThat(dead).doesNotExist();
    assertThat(torso).doesNotExist();
    assertThat(strange).isDirectory();
    assertThat(young).isDirectory();
    assertThat(elsewhere.resolve("precious")).exists();
  }

  private Path create(String name, String permissions) throws IOException {
    return Files.setPosixFilePermissions(
        Files.createDirectory(place.resolve(name)), PosixFilePermissions.fromString(permissions));
  }

  private static void makeOld(Path directory) throws IOException {
    Files.setLastModifiedTime(directory, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
  }
}
