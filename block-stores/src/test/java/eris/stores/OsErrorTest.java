package eris.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class OsErrorTest {
  @Test
  void fullDeviceIsKnownByWhatJavaReallySays() {
    Path full = Path.of("/dev/full");
    assumeThat(full).as("needs /dev/full").exists();
    var failure = catchThrowableOfType(IOException.class, () -> Files.write(full, new byte[9]));
    assertThat(OsError.DISK_FULL.is(failure)).as(failure.toString()).isTrue();
  }

  @Test
  void reasonCountsAndNotThePath() {
    var quota = new FileSystemException("x", null, "Disk quota exceeded");
    var misleading = new FileSystemException("No space left on device", null, "Is a directory");
    assertThat(OsError.DISK_FULL.is(quota)).isTrue();
    assertThat(OsError.DISK_FULL.is(misleading)).isFalse();
    assertThat(OsError.DISK_FULL.is(new FileSystemException("x"))).isFalse();
    assertThat(OsError.DISK_FULL.is(new IOException())).isFalse();
  }

  @Test
  void deniedAccessIsReadOnly() {
    assertThat(OsError.READ_ONLY.is(new AccessDeniedException("x"))).isTrue();
    assertThat(OsError.READ_ONLY.is(new IOException("Read-only file system"))).isTrue();
    assertThat(OsError.UNREADABLE.is(new IOException("Input/output error"))).isTrue();
    assertThat(OsError.UNREADABLE.is(new IOException("Too many open files"))).isFalse();
  }
}
