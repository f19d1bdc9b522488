package eris.server.http;

import eris.Reference;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the one request that most clients make over and over, without an object for any part of it:
///
/// ```
/// GET /uri-res/N2R?urn:blake2b:<52 characters> HTTP/1.1
/// ```
///
/// and no headers but those that change nothing about the answer. Whatever else it is, or if it is
/// not all there yet, the decoder for everything reads it: nothing is decided here that differs.
final class PlainGet {
  private static final byte[] BEGIN =
      ("GET " + N2rResource.PATH + "?" + N2rResource.BLOCK_URN).getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int MOST_BYTES = 1024;
  private static final int REFERENCE_CHARACTERS = 52;
  private static final int HEADERS = BEGIN.length + REFERENCE_CHARACTERS + END.length;

  private static final AsciiString HOST = AsciiString.cached("host");
  private static final AsciiString[] IGNORED = {
    AsciiString.cached("user-agent"),
    AsciiString.cached("accept"),
    AsciiString.cached("accept-encoding"),
    AsciiString.cached("accept-language"),
  };

  private static final byte[] DIGITS = digits();

  private final byte[] text = new byte[MOST_BYTES];
  private final long[] words = new long[Reference.BYTES / Long.BYTES];
  private int length;
  private int hostFrom;
  private int hostTo;

  /// Reads a request that begins at the index `from` of `in`, and leaves `in` as it is.
  ///
  /// @return whether it is one of these, whole
  boolean read(ByteBuf in, int from) {
    int available = Math.min(in.writerIndex() - from, text.length);
    in.getBytes(from, text, 0, available);
    return available > HEADERS
        && matches(BEGIN, 0)
        && readReference(BEGIN.length)
        && matches(END, BEGIN.length + REFERENCE_CHARACTERS)
        && readHeaders(available);
  }

  /// The bytes of the request that was read.
  int length() {
    return length;
  }

  Reference reference() {
    return new Reference(words[0], words[1], words[2], words[3]);
  }

  /// Writes the reference as it was written in a request of this form, with which `in` begins.
  static void writeReference(ByteBuf in, ByteBuf out) {
    out.writeBytes(in, in.readerIndex() + BEGIN.length, REFERENCE_CHARACTERS);
  }

  /// Whether the request names this host.
  boolean isFor(AsciiString host) {
    if (host.length() != hostTo - hostFrom) {
      return false;
    }
    for (int i = 0; i < host.length(); i++) {
      if (host.byteAt(i) != text[hostFrom + i]) {
        return false;
      }
    }
    return true;
  }

  AsciiString host() {
    return new AsciiString(text, hostFrom, hostTo - hostFrom, true);
  }

  private boolean matches(byte[] expected, int from) {
    for (int i = 0; i < expected.length; i++) {
      if (text[from + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  /// 51 digits of 5 bits and one whose last four are zero.
  private boolean readReference(int from) {
    long buffer = 0;
    int bits = 0;
    int next = 0;
    for (int i = 0; i < REFERENCE_CHARACTERS; i++) {
      int digit = text[from + i] < 0 ? -1 : DIGITS[text[from + i]];
      if (digit < 0) {
        return false;
      }
      int taken = Math.min(5, Long.SIZE - bits);
      buffer = buffer << taken | digit >>> (5 - taken);
      bits += taken;
      if (bits == Long.SIZE) {
        words[next++] = buffer;
        bits = 5 - taken;
        buffer = digit & (1 << bits) - 1;
      }
    }
    return buffer == 0;
  }

  private boolean readHeaders(int available) {
    hostTo = 0;
    int line = HEADERS;
    while (line + 1 < available) {
      if (text[line] == '\r') {
        length = line + 2;
        return text[line + 1] == '\n' && hostTo > 0;
      }
      int end = endOfLine(line, available);
      if (end < 0 || !isHarmless(line, end)) {
        return false;
      }
      line = end + 2;
    }
    return false;
  }

  /// Where the line ends, if it holds nothing but what can be seen, blanks, and its end.
  private int endOfLine(int from, int available) {
    int i = from;
    while (i < available && text[i] >= ' ' && text[i] != 0x7f) {
      i++;
    }
    return i + 1 < available && text[i] == '\r' && text[i + 1] == '\n' ? i : -1;
  }

  private boolean isHarmless(int from, int to) {
    if (isNamed(HOST, from, to)) {
      boolean first = hostTo == 0;
      hostFrom = from + HOST.length() + 1;
      while (hostFrom < to && text[hostFrom] == ' ') {
        hostFrom++;
      }
      hostTo = to;
      return first && hostFrom < hostTo;
    }
    for (AsciiString name : IGNORED) {
      if (isNamed(name, from, to)) {
        return true;
      }
    }
    return false;
  }

  private boolean isNamed(AsciiString name, int from, int to) {
    if (to - from <= name.length() || text[from + name.length()] != ':') {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (lowerCase(text[from + i]) != name.byteAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int lowerCase(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? letter | 0x20 : letter;
  }

  private static byte[] digits() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    byte[] digits = new byte[128];
    Arrays.fill(digits, (byte) -1);
    for (int i = 0; i < alphabet.length(); i++) {
      digits[alphabet.charAt(i)] = (byte) i;
    }
    return digits;
  }
}
