package eris.server.access;

import java.io.IOException;
import java.nio.file.Path;

/// A file of accounts and tokens that is not understood. Nothing of it applies.
public final class MalformedAccess extends IOException {
  private static final long serialVersionUID = 1;

  MalformedAccess(Path file, int line, String detail) {
    super("%s, line %d: %s".formatted(file, line, detail));
  }
}
