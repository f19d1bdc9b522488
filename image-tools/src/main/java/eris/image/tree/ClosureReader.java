package eris.image.tree;

import eris.ErisException;
import eris.ReadCapability;
import eris.codec.Decoder;
import eris.format.ErisFs;
import eris.format.Manifest;
import eris.store.BlockSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

/// Reads the files of closures and trees. What is written was verified before, block by block; a file
/// is whole when a call returns, and only then.
///
/// Safe for concurrent use if the listener is.
public final class ClosureReader {
  private static final int BUFFER_BYTES = 256 * 1024;
  private static final long MAX_LIST_BYTES = 1L << 30;

  private final BlockSource source;
  private final Listener listener;

  /// Is told how far a reader is, in bytes.
  public interface Listener {
    void expect(long bytes);

    void advance(long bytes);
  }

  /// Decides about the size of content before its first byte.
  @FunctionalInterface
  interface Admission {
    void admit(long sizeBytes) throws IOException;
  }

  public ClosureReader(BlockSource source, Listener listener) {
    this.source = source;
    this.listener = listener;
  }

  /// Writes the content of an entry.
  ///
  /// @param path names it in errors
  /// @throws FaultyFile if it cannot be had, or is not of the size that the manifest tells
  public void copy(String path, Manifest.Entry entry, WritableByteChannel target)
      throws IOException {
    copy(path, entry.content(), entry.size(), size -> requireSize(path, size, entry), target);
  }

  private static void requireSize(String path, long sizeBytes, Manifest.Entry entry)
      throws FaultyFile {
    if (sizeBytes != entry.size()) {
      throw new FaultyFile(
          path, "holds %d bytes, its manifest says %d".formatted(sizeBytes, entry.size()));
    }
  }

  /// Writes content of a size that nobody told.
  void copy(String path, ReadCapability content, Admission admission, WritableByteChannel target)
      throws IOException {
    copy(path, content, 0, admission, target);
  }

  /// The size of content that nobody told.
  long size(String path, ReadCapability content) throws IOException {
    try (Decoder decoder = open(path, content, 0)) {
      return decoder.size();
    }
  }

  /// The directory that an entry describes.
  ///
  /// @throws FaultyFile if it cannot be had, or is none
  public ErisFs readTree(String path, Manifest.Entry entry) throws IOException {
    if (entry.size() > MAX_LIST_BYTES) {
      throw new FaultyFile(path, "too long for an ERIS-FS");
    }
    var list = new ByteArrayOutputStream();
    copy(path, entry, Channels.newChannel(list));
    try {
      return ErisFs.decode(list.toByteArray());
    } catch (ErisFs.MalformedException e) {
      throw new FaultyFile(path, String.valueOf(e.getMessage()));
    }
  }

  /// @param toldBytes the size as far as it is known, for errors
  private void copy(
      String path,
      ReadCapability content,
      long toldBytes,
      Admission admission,
      WritableByteChannel target)
      throws IOException {
    try (Decoder decoder = open(path, content, toldBytes)) {
      admission.admit(decoder.size());
      listener.expect(decoder.size());
      copyAll(path, content, decoder, target);
    }
  }

  /// Opening reads the right edge of the tree.
  private Decoder open(String path, ReadCapability content, long toldBytes) throws IOException {
    try {
      return Decoder.open(source, content);
    } catch (ErisException e) {
      throw FaultyFile.of(path, toldBytes / content.blockSize().bytes(), e);
    }
  }

  private void copyAll(
      String path, ReadCapability content, Decoder decoder, WritableByteChannel target)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(decoder.size(), BUFFER_BYTES));
    while (decoder.position() < decoder.size()) {
      buffer.clear();
      int count;
      try {
        count = decoder.read(buffer);
      } catch (ErisException e) {
        throw FaultyFile.of(path, decoder.position() / content.blockSize().bytes(), e);
      }
      buffer.flip();
      while (buffer.hasRemaining()) {
        target.write(buffer);
      }
      listener.advance(count);
    }
  }
}
