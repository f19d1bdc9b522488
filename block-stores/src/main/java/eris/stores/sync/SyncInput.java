package eris.stores.sync;

import eris.Reference;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;

/// Reads what [SyncOutput] writes. Whoever asks for many bytes has bounded the number.
final class SyncInput {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int END = -1;

  private final InputStream in;
  private long position;

  SyncInput(InputStream in) {
    this.in = new BufferedInputStream(in, BUFFER_BYTES);
  }

  /// The bytes read so far.
  long position() {
    return position;
  }

  /// @throws PeerGone if the other side has ended
  int readByte() throws IOException {
    int next = in.read();
    if (next == END) {
      throw ended();
    }
    position++;
    return next;
  }

  /// @param bytes at most 8, and 8 only where any number is good
  long readNumber(int bytes) throws IOException {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number = number << 8 | readByte();
    }
    return number;
  }

  /// A number of 0 to 2^63 - 1 in 8 bytes.
  long readCount() throws IOException {
    long count = readNumber(Long.BYTES);
    if (count < 0) {
      throw malformed("a count of 2^63 or more");
    }
    return count;
  }

  void readInto(byte[] target, int from, int count) throws IOException {
    int read = in.readNBytes(target, from, count);
    position += read;
    if (read < count) {
      throw ended();
    }
  }

  byte[] readBytes(int count) throws IOException {
    byte[] bytes = new byte[count];
    readInto(bytes, 0, count);
    return bytes;
  }

  SetDigest readDigest() throws IOException {
    return new SetDigest(readNumber(Long.BYTES), readNumber(Long.BYTES));
  }

  Salt readSalt() throws IOException {
    long k0 = Long.reverseBytes(readNumber(Long.BYTES));
    return new Salt(k0, Long.reverseBytes(readNumber(Long.BYTES)));
  }

  Reference readReference() throws IOException {
    return Reference.readFrom(MemorySegment.ofArray(readBytes(Reference.BYTES)), 0);
  }

  /// @throws MalformedSync unless this was the end
  void requireEnd() throws IOException {
    if (in.read() != END) {
      throw malformed("something after the end");
    }
  }

  MalformedSync malformed(String detail) {
    return new MalformedSync(position, detail);
  }

  /// What the end of the input means where this is a file.
  MalformedSync cut(PeerGone e) {
    MalformedSync cut = malformed("the file ends early");
    cut.initCause(e);
    return cut;
  }

  private PeerGone ended() {
    return new PeerGone(position);
  }
}
