package eris.image.elf;

import java.io.IOException;

/// An ELF file cannot be rewritten as asked, or what was written does not read back as meant. The
/// message tells why.
public final class RefusedRewrite extends IOException {
  private static final long serialVersionUID = 1;

  RefusedRewrite(String detail) {
    super(detail);
  }
}
