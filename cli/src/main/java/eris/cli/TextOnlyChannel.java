package eris.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// Passes content on to a terminal unless it starts like something that is not text: control
/// characters can do worse to a terminal than look ugly.
final class TextOnlyChannel implements WritableByteChannel {
  private final WritableByteChannel terminal;

  TextOnlyChannel(WritableByteChannel terminal) {
    this.terminal = terminal;
  }

  /// @throws BinaryContentException before the first byte of a buffer that holds a control character
  @Override
  public int write(ByteBuffer source) throws IOException {
    for (int i = source.position(); i < source.limit(); i++) {
      if (isControl(source.get(i))) {
        throw new BinaryContentException();
      }
    }
    return terminal.write(source);
  }

  private static boolean isControl(byte b) {
    return b >= 0 && b < ' ' && b != '\n' && b != '\t' && b != '\r' && b != '\f' || b == 0x7f;
  }

  @Override
  public boolean isOpen() {
    return terminal.isOpen();
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }

  /// The content is not for a terminal.
  static final class BinaryContentException extends IOException {
    private static final long serialVersionUID = 1;
  }
}
