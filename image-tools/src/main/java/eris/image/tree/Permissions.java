package eris.image.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/// Who may run a file.
final class Permissions {
  private Permissions() {}

  /// Whoever may read it may run it.
  static void makeExecutable(Path path) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    allow(permissions, PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE);
    allow(permissions, PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE);
    allow(permissions, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);
    Files.setPosixFilePermissions(path, permissions);
  }

  private static void allow(
      Set<PosixFilePermission> permissions, PosixFilePermission read, PosixFilePermission execute) {
    if (permissions.contains(read)) {
      permissions.add(execute);
    }
  }
}
