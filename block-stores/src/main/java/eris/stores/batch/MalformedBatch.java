package eris.stores.batch;

import java.io.IOException;

/// A stream is not as `docs/formats/batch.md` has it. What was whole before may have been used.
public final class MalformedBatch extends IOException {
  private static final long serialVersionUID = 1;

  public MalformedBatch(String detail) {
    super("malformed batch: " + detail);
  }
}
