package eris.image.closure;

import java.io.IOException;

/// A closure cannot be made of these files. The message names the files and what is wrong.
public final class ClosureException extends IOException {
  private static final long serialVersionUID = 1;

  ClosureException(String message) {
    super(message);
  }

  ClosureException(String message, IOException cause) {
    super(message, cause);
  }
}
