package eris.image.run;

import java.io.IOException;

/// A closure that is whole, but nothing that this machine can run.
public final class NotRunnable extends IOException {
  private static final long serialVersionUID = 1;

  NotRunnable(String detail) {
    super(detail.replaceAll("\\p{Cc}", "?"));
  }
}
