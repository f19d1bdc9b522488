package eris.stores;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.regex.Pattern;

/// What the operating system says in words only: Java passes on its message but not its number.
enum OsError {
  DISK_FULL("No space left on device|Disk quota exceeded"),
  READ_ONLY("Read-only file system|Permission denied|Operation not permitted"),
  /// The device, or the file system's own checksums, do not vouch for what is stored.
  UNREADABLE("Input/output error|Structure needs cleaning|Bad message");

  private final String messages;

  OsError(String messages) {
    this.messages = messages;
  }

  boolean is(IOException failure) {
    return Pattern.compile(messages).matcher(message(failure)).find();
  }

  private static String message(IOException failure) {
    return switch (failure) {
      case AccessDeniedException _ -> "Permission denied"; // the one that comes without a reason
      case FileSystemException ofFile -> Objects.requireNonNullElse(ofFile.getReason(), "");
      default -> Objects.requireNonNullElse(failure.getMessage(), "");
    };
  }
}
