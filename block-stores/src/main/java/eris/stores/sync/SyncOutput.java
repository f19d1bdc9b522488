package eris.stores.sync;

import eris.Reference;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// Writes numbers, references and blocks. Numbers are big-endian.
final class SyncOutput {
  private static final int BUFFER_BYTES = 1 << 16;

  private final OutputStream out;
  private long position;

  private SyncOutput(OutputStream out) {
    this.out = new BufferedOutputStream(out, BUFFER_BYTES);
  }

  static SyncOutput toFile(OutputStream file) {
    return new SyncOutput(file);
  }

  /// What fails in the channel is a [PeerGone].
  static SyncOutput toPeer(OutputStream channel) {
    return new SyncOutput(new Watched(channel));
  }

  /// The bytes written so far.
  long position() {
    return position;
  }

  /// @param bytes how many of the low ones to write
  void writeNumber(long number, int bytes) throws IOException {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (number >>> shift));
    }
    position += bytes;
  }

  void write(byte[] bytes, int from, int count) throws IOException {
    out.write(bytes, from, count);
    position += count;
  }

  void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  void writeDigest(SetDigest digest) throws IOException {
    writeNumber(digest.high(), Long.BYTES);
    writeNumber(digest.low(), Long.BYTES);
  }

  void writeSalt(Salt salt) throws IOException {
    writeNumber(Long.reverseBytes(salt.k0()), Long.BYTES);
    writeNumber(Long.reverseBytes(salt.k1()), Long.BYTES);
  }

  void writeReference(Reference reference) throws IOException {
    write(bytesOf(reference));
  }

  void writeBlock(MemorySegment block) throws IOException {
    write(block.toArray(ValueLayout.JAVA_BYTE));
  }

  void flush() throws IOException {
    out.flush();
  }

  static byte[] bytesOf(Reference reference) {
    return ByteBuffer.allocate(Reference.BYTES)
        .putLong(reference.w0())
        .putLong(reference.w1())
        .putLong(reference.w2())
        .putLong(reference.w3())
        .array();
  }

  /// Tells that the channel failed from whatever else ends a session.
  private static final class Watched extends OutputStream {
    private final OutputStream channel;

    Watched(OutputStream channel) {
      this.channel = channel;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      attempt(() -> channel.write(bytes, from, count));
    }

    @Override
    public void flush() throws IOException {
      attempt(channel::flush);
    }

    private void attempt(Action action) throws IOException {
      try {
        action.run();
      } catch (IOException e) {
        throw new PeerGone(e);
      }
    }
  }

  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }
}
