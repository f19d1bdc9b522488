package eris.image.elf;

import java.io.IOException;

/// Bytes that are no ELF file, or one that no dynamic loader could load. The message tells where and
/// what is wrong.
public final class MalformedElf extends IOException {
  private static final long serialVersionUID = 1;

  MalformedElf(long offsetBytes, String detail) {
    super("malformed ELF at byte %s: %s".formatted(Long.toUnsignedString(offsetBytes), detail));
  }
}
