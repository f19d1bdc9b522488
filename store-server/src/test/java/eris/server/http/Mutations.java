package eris.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/// Makes of a request what a hostile or broken client could send. The same seed, the same requests.
public final class Mutations {
  private static final int MOST_CHANGES = 6;
  private static final String[] WORDS = {
    "\r\n",
    "\n",
    "\r",
    "\0",
    " ",
    ":",
    "\t",
    "%",
    "?",
    "/",
    "Host: localhost\r\n",
    "Content-Length: ",
    "Content-Length: 0\r\n",
    "Transfer-Encoding: chunked\r\n",
    "0\r\n\r\n",
    "ffffffffffffffff\r\n",
    "-1",
    "99999999999999999999",
    "urn:eris:",
    "urn:blake2b:",
    "HTTP/1.1",
    "HTTP/0.9",
    "\u00ff\u00fe",
    "Expect: 100-continue\r\n",
    "Range: bytes=-",
    "Authorization: Bearer x\r\n",
    "Connection: close\r\n"
  };

  private final byte[][] corpus;
  private final Random random;

  public Mutations(byte[][] corpus, long seed) {
    this.corpus = corpus;
    random = new Random(seed);
  }

  /// One more request.
  public byte[] next() {
    byte[] bytes = any().clone();
    int changes = random.nextInt(MOST_CHANGES + 1);
    for (int i = 0; i < changes; i++) {
      bytes = change(bytes);
    }
    return bytes;
  }

  /// Where to cut it into two parts.
  public int cut(byte[] bytes) {
    return random.nextInt(bytes.length + 1);
  }

  private byte[] any() {
    return corpus[random.nextInt(corpus.length)];
  }

  private byte[] change(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int to = at + random.nextInt(bytes.length - at + 1);
    byte[] head = Arrays.copyOf(bytes, at);
    byte[] tail = Arrays.copyOfRange(bytes, to, bytes.length);
    return switch (random.nextInt(8)) {
      case 0 -> flipped(bytes);
      case 1 -> head;
      case 2 -> joined(head, tail);
      case 3 -> joined(head, word(), Arrays.copyOfRange(bytes, at, bytes.length));
      case 4 -> joined(bytes, any());
      case 5 -> joined(head, any());
      case 6 -> joined(bytes, Arrays.copyOfRange(bytes, at, to));
      default -> joined(head, noise(), tail);
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    if (flipped.length > 0) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private byte[] word() {
    return WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.ISO_8859_1);
  }

  private byte[] noise() {
    byte[] noise = new byte[random.nextInt(64)];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] joined(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] joined = new byte[Math.min(length, 1 << 17)];
    int at = 0;
    for (byte[] part : parts) {
      int bytes = Math.min(part.length, joined.length - at);
      System.arraycopy(part, 0, joined, at, bytes);
      at += bytes;
    }
    return joined;
  }
}
