package eris.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import eris.server.access.Gates;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.HttpSettings.Put;
import eris.server.config.ServerLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Malformed frames of HTTP/2, by hundreds: `-Deris.fuzz.count=N -Deris.fuzz.seed=S` for more, or the
/// same again.
@Timeout(3600)
final class Http2FuzzTest extends HttpDoorFixture {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int PRIORITY = 2;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GO_AWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  /// Each is answered or cut at once, no client's fault is ours, and nothing stays behind.
  @Test
  void malformedFramesAreAnsweredOrCutAndNothingOfThemStays() throws Exception {
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    ServerLog log =
        (level, event, fields) -> {
          if (level == ServerLog.Level.ERROR) {
            failures.add(event + fields);
          }
        };
    door.close();
    door = new HttpDoor(settings(Put.ON, HttpLimits.DEFAULT), blocks, Gates.withoutAccounts(), log);
    long seed = Long.getLong("eris.fuzz.seed", 1);
    var mutations = new Mutations(corpus(), seed);
    int count = Integer.getInteger("eris.fuzz.count", 500);
    for (int i = 0; i < count; i++) {
      byte[] frames = mutations.next();
      assertThat(talk(frames, mutations.cut(frames)))
          .as(
              "whether it keeps us waiting: seed %d, conversation %d: %s",
              seed, i, HexFormat.of().formatHex(frames))
          .isFalse();
      assertThat(failures).as("seed %d, conversation %d", seed, i).isEmpty();
    }
    awaitNothingHeld();
    assertThat(ask(get(small)).body()).isEqualTo(bytes(small.bytes()));
  }

  /// What is mutated is understood as it is, so that more is met than the first check.
  @Test
  void theCorpusIsAnswered() throws Exception {
    for (byte[] frames : corpus()) {
      String answer = HalfClosing.talk(door.address(), PREFACE, frames);
      assertThat(answer).as(new String(frames, ISO_8859_1)).isNotEmpty();
    }
    String block = new String(bytes(small.bytes()), ISO_8859_1);
    assertThat(HalfClosing.talk(door.address(), PREFACE, corpus()[0])).contains(block);
  }

  /// @return whether the server keeps us waiting
  private boolean talk(byte[] frames, int cut) throws IOException {
    byte[] first = Arrays.copyOf(frames, cut);
    byte[] second = Arrays.copyOfRange(frames, cut, frames.length);
    try {
      HalfClosing.talk(door.address(), PREFACE, first, second);
      return false;
    } catch (SocketTimeoutException _) {
      return true;
    }
  }

  private byte[][] corpus() {
    byte[] settings = frame(SETTINGS, 0, 0);
    byte[] get = frame(HEADERS, END_STREAM | END_HEADERS, 1, head(0x82, path(small)));
    byte[] put = frame(HEADERS, END_HEADERS, 1, head("PUT", "/uri-res/N2R?urn:blake2b:"));
    byte[] body = bytes(small.bytes());
    byte[] half = Arrays.copyOf(head(0x82, path(small)), 20);
    byte[] rest = Arrays.copyOfRange(head(0x82, path(small)), 20, head(0x82, path(small)).length);
    return Stream.of(
            joined(settings, get),
            joined(
                settings, get, frame(HEADERS, END_STREAM | END_HEADERS, 3, head(0x82, "/livez"))),
            joined(settings, put, frame(DATA, END_STREAM, 1, body)),
            joined(
                settings,
                put,
                frame(DATA, 0, 1, Arrays.copyOf(body, 1000)),
                frame(DATA, END_STREAM, 1, Arrays.copyOfRange(body, 1000, 1024))),
            joined(settings, put, frame(DATA, 0, 1, body), frame(RESET, 0, 1, new byte[4])),
            joined(
                settings,
                frame(HEADERS, END_STREAM, 1, half),
                frame(CONTINUATION, END_HEADERS, 1, rest)),
            joined(
                frame(SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 16}), // a window of 16 bytes
                get,
                frame(WINDOW_UPDATE, 0, 1, new byte[] {0, 0, 16, 0})),
            joined(
                settings,
                frame(PING, 0, 0, new byte[8]),
                frame(PRIORITY, 0, 1, new byte[5]),
                get,
                frame(GO_AWAY, 0, 0, new byte[8])))
        .toArray(byte[][]::new);
  }

  private static String path(eris.testkit.SampleBlock block) {
    return "/uri-res/N2R?urn:blake2b:" + block.reference();
  }

  /// Fields with `method` of the static table (RFC 7541, appendix A).
  private static byte[] head(int method, String path) {
    return joined(new byte[] {(byte) method}, rest(path));
  }

  private static byte[] head(String method, String path) {
    return joined(new byte[] {0x02}, text(method), rest(path));
  }

  private static byte[] rest(String path) {
    byte[] scheme = {(byte) 0x86};
    return joined(scheme, new byte[] {0x04}, text(path), new byte[] {0x01}, text("localhost"));
  }

  private static byte[] text(String text) {
    assert text.length() < 127;
    return joined(new byte[] {(byte) text.length()}, text.getBytes(ISO_8859_1));
  }

  private static byte[] frame(int type, int flags, int stream, byte... payload) {
    int length = payload.length;
    byte[] head = {
      (byte) (length >> 16),
      (byte) (length >> 8),
      (byte) length,
      (byte) type,
      (byte) flags,
      0,
      0,
      0,
      (byte) stream
    };
    return joined(head, payload);
  }

  private static byte[] joined(byte[]... parts) {
    var joined = new ByteArrayOutputStream();
    Stream.of(parts).forEach(joined::writeBytes);
    return joined.toByteArray();
  }
}
