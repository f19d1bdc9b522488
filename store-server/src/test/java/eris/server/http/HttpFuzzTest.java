package eris.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.codec.Encoder;
import eris.server.access.Gates;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.Content;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.HttpSettings.Put;
import eris.server.config.ServerLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Malformed requests, by thousands: `-Deris.fuzz.count=N -Deris.fuzz.seed=S` for more, or the same
/// again.
@Timeout(3600)
final class HttpFuzzTest extends HttpDoorFixture {
  /// A failure of ours, or what looks like the trace of one.
  private static final Pattern OURS =
      Pattern.compile("HTTP/1\\.1 5\\d\\d|java\\.\\w+\\.\\w*Exception|\\tat eris");

  /// Each is answered or cut at once, no client's fault is ours, and nothing stays behind.
  @Test
  void malformedRequestsAreAnsweredOrCutAndNothingOfThemStays() throws Exception {
    door.close();
    door = decodingDoor();
    long seed = Long.getLong("eris.fuzz.seed", 1);
    var mutations = new Mutations(corpus(), seed);
    int count = Integer.getInteger("eris.fuzz.count", 1500);
    for (int i = 0; i < count; i++) {
      byte[] request = mutations.next();
      int cut = mutations.cut(request);
      String answer = talk(request, cut);
      assertThat(OURS.matcher(answer).find())
          .as(
              "seed %d, request %d: %s answered %s",
              seed, i, new String(request, ISO_8859_1), answer)
          .isFalse();
    }
    awaitNothingHeld();
    assertThat(ask(get(small)).body()).isEqualTo(bytes(small.bytes()));
  }

  private String talk(byte[] request, int cut) throws IOException {
    byte[] first = Arrays.copyOf(request, cut);
    byte[] second = Arrays.copyOfRange(request, cut, request.length);
    try {
      return HalfClosing.talk(door.address(), first, second);
    } catch (SocketTimeoutException _) {
      return "HTTP/1.1 599 the server keeps us waiting, cut at "
          + cut; // which is a failure of its own
    }
  }

  private HttpDoor decodingDoor() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var settings =
        new HttpSettings(
            address,
            Optional.empty(),
            Put.ON,
            Content.ON,
            HttpSettings.Console.ON,
            Set.of(),
            1,
            HttpLimits.DEFAULT,
            Optional.empty());
    return new HttpDoor(settings, blocks, Gates.withoutAccounts(), ServerLog.SILENT);
  }

  private byte[][] corpus() throws IOException {
    String urn =
        new Encoder(BlockSize.KIB_1, store, 1, 1)
            .encode(new ByteArrayInputStream(new byte[5000]), ConvergenceSecret.nullSecret())
            .toUrn();
    String body = new String(bytes(small.bytes()), ISO_8859_1);
    String put = "PUT /uri-res/N2R?urn:blake2b:" + HOST;
    return Stream.of(
            get(small),
            get(small).replace("GET", "HEAD"),
            get(large),
            get(small) + get(large) + get(small),
            "GET /uri-res/N2R?" + urn + HOST + "\r\n",
            "GET /uri-res/N2R?" + urn + HOST + "Range: bytes=100-200\r\n\r\n",
            "GET /livez" + HOST + "\r\n",
            "GET /metrics" + HOST + "\r\n",
            "GET /eris/v1/status" + HOST + "\r\n",
            "GET / HTTP/1.0\r\n\r\n",
            "POST /eris/v1/have" + HOST + "Content-Length: 4\r\n\r\n\u0081Cabc",
            put + "Content-Length: 1024\r\n\r\n" + body,
            put + "Content-Length: 1024\r\nExpect: 100-continue\r\n\r\n" + body,
            put + "Transfer-Encoding: chunked\r\n\r\n400\r\n" + body + "\r\n0\r\n\r\n",
            put + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n")
        .map(text -> text.getBytes(ISO_8859_1))
        .toArray(byte[][]::new);
  }
}
