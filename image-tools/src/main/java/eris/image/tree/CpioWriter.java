package eris.image.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/// Writes a cpio archive in the "newc" format, which Linux unpacks as its first file system
/// (Documentation/driver-api/early-userspace/buffer-format.rst).
///
/// The same entries give the same bytes: everything belongs to root and is from 1970, and inode
/// numbers count from 1. Each entry is a head of 110 characters, the name with a zero byte, and the
/// content; zero bytes fill up to 4 after the name and after the content.
final class CpioWriter {
  private static final String END = "TRAILER!!!";
  private static final int DIRECTORY = 0040000;
  private static final int FILE = 0100000;
  private static final int LINK = 0120000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final long MAX_FILE_BYTES = 0xffff_ffffL;

  private final WritableByteChannel target;
  private long inode;
  private long position;

  /// Writes the content that follows a head.
  @FunctionalInterface
  interface Content {
    void writeTo(WritableByteChannel target) throws IOException;
  }

  CpioWriter(WritableByteChannel target) {
    this.target = target;
  }

  void directory(String name) throws IOException {
    head(name, DIRECTORY | 0755, 2, 0, 0, 0);
  }

  void characterDevice(String name, int permissions, int major, int minor) throws IOException {
    head(name, CHARACTER_DEVICE | permissions, 1, 0, major, minor);
  }

  void link(String name, String to) throws IOException {
    byte[] bytes = to.getBytes(StandardCharsets.UTF_8);
    head(name, LINK | 0777, 1, bytes.length, 0, 0);
    write(ByteBuffer.wrap(bytes));
    pad();
  }

  /// @param content writes `sizeBytes` bytes
  /// @throws IOException if the format has no place for so many bytes
  void file(String name, boolean executable, long sizeBytes, Content content) throws IOException {
    if (sizeBytes > MAX_FILE_BYTES) {
      throw new IOException(name + ": a file in an initramfs is less than 4 GiB");
    }
    head(name, FILE | (executable ? 0755 : 0644), 1, sizeBytes, 0, 0);
    content.writeTo(target);
    position += sizeBytes;
    pad();
  }

  /// Nothing may follow.
  void finish() throws IOException {
    inode = -1;
    head(END, 0, 1, 0, 0, 0);
  }

  private void head(String name, int mode, int links, long sizeBytes, int major, int minor)
      throws IOException {
    byte[] bytes = (name + '\0').getBytes(StandardCharsets.UTF_8);
    String head =
        "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x"
            .formatted(
                ++inode, mode, 0, 0, links, 0, sizeBytes, 0, 0, major, minor, bytes.length, 0);
    write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
    write(ByteBuffer.wrap(bytes));
    pad();
  }

  private void pad() throws IOException {
    write(ByteBuffer.allocate((int) (-position & 3)));
  }

  private void write(ByteBuffer bytes) throws IOException {
    position += bytes.remaining();
    while (bytes.hasRemaining()) {
      target.write(bytes);
    }
  }
}
