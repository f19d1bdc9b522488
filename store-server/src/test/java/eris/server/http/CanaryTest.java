package eris.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import eris.Base32;
import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.codec.Encoder;
import eris.server.Daemon;
import eris.server.access.Gates;
import eris.server.config.CoapSettings;
import eris.server.config.DaemonSettings;
import eris.server.config.EchoMode;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.Content;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.HttpSettings.Put;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.store.MemoryBlockStore;
import eris.stores.coap.CoapCode;
import eris.stores.coap.CoapMessage;
import eris.stores.coap.CoapOption;
import eris.stores.coap.Datagram;
import eris.stores.coap.Frame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A capability, wherever a client puts it by mistake or on purpose, comes out nowhere: not in an
/// answer, a log, a figure or the console.
@Timeout(120)
final class CanaryTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final MemoryBlockStore store = new MemoryBlockStore();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final List<Daemon> daemons = new ArrayList<>();
  private final ReadCapability capability = encode();
  private final String urn = capability.toUrn();

  CanaryTest() throws IOException {}

  private ReadCapability encode() throws IOException {
    return new Encoder(BlockSize.KIB_1, store, 1, 1)
        .encode(new ByteArrayInputStream(new byte[5000]), ConvergenceSecret.nullSecret());
  }

  private Daemon daemon(Content content) throws IOException {
    var http =
        new HttpSettings(
            ANY,
            Optional.empty(),
            Put.ON,
            content,
            HttpSettings.Console.ON,
            Set.of(),
            1,
            HttpLimits.DEFAULT,
            Optional.empty());
    var coap =
        new CoapSettings(
            Optional.of(ANY),
            Optional.of(ANY),
            Optional.empty(),
            List.of(),
            EchoMode.AUTO,
            Optional.empty());
    ServerLog log = (_, event, fields) -> told.add(event + " " + fields);
    daemons.add(
        new Daemon(
            store,
            new DaemonSettings(
                StoreLimits.DEFAULT, http, coap, Gates.NO_ACCOUNTS, DaemonSettings.Requests.LOGGED),
            log));
    return daemons.getLast();
  }

  @AfterEach
  void close() {
    daemons.forEach(Daemon::close);
  }

  @ParameterizedTest
  @EnumSource(Content.class)
  void noCanaryComesOutOverHttp(Content content) throws Exception {
    Daemon daemon = daemon(content);
    String bare = urn.substring("urn:eris:".length());
    List<String> requests = new ArrayList<>();
    for (String method : List.of("GET", "HEAD", "PUT", "POST", "DELETE", "BREW", urn)) {
      for (String target :
          List.of(
              "/uri-res/N2R?" + urn,
              "/uri-res/N2R?" + urn + "A",
              "/uri-res/N2R?" + urn.substring(0, 80),
              "/uri-res/N2R?" + urn + "&x=y",
              "/uri-res/N2R?urn:blake2b:" + bare,
              "/uri-res/N2R?urn%3Aeris%3A" + bare,
              "/uri-res/N2R/" + urn,
              "/" + urn,
              "/?" + urn,
              "/livez?" + urn,
              "/metrics?" + urn,
              "/eris/v1/status?" + urn,
              "http://" + urn + "/",
              "http://localhost/" + urn,
              urn)) {
        requests.add(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      }
    }
    for (String header :
        List.of(
            "Authorization: Bearer ",
            "Authorization: Basic ",
            "Cookie: x=",
            "Referer: http://localhost/",
            "Origin: ",
            "Range: ",
            "Range: bytes=",
            "If-None-Match: ",
            "Content-Encoding: ",
            "Content-Length: ",
            "Transfer-Encoding: ",
            "Expect: ",
            "X-",
            "")) {
      for (String line :
          List.of(
              "PUT /uri-res/N2R?urn:blake2b:", "GET /metrics", "GET " + "/uri-res/N2R?" + urn)) {
        requests.add(line + " HTTP/1.1\r\nHost: localhost\r\n" + header + urn + "\r\n\r\n");
        requests.add(line + " HTTP/1.1\r\nHost: localhost\r\n" + header + urn + ": x\r\n\r\n");
      }
    }
    requests.add("GET / HTTP/1.1\r\nHost: " + urn + "\r\n\r\n");
    requests.add("GET / " + urn + "\r\nHost: localhost\r\n\r\n");
    requests.add(urn + "\r\n\r\n");
    requests.add(urn.repeat(30) + "\r\n\r\n");
    requests.add("GET /" + urn.repeat(30) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    requests.add(put(urn));
    requests.add(put(urn + " ".repeat(1024 - urn.length())).replace("blake2b:", "blake2b:" + bare));
    requests.add(put(urn.repeat(400)));
    for (String request : requests) {
      String answer = HalfClosing.talk(daemon.httpAddress(), request.getBytes(ISO_8859_1));
      assertSilent(request.lines().findFirst().orElse(""), answer);
    }
    assertSilentThroughout(daemon);
    assertThat(told).hasSizeGreaterThan(requests.size() / 2);
  }

  private static String put(String body) {
    return "PUT /uri-res/N2R?urn:blake2b: HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  @Test
  void noCanaryComesOutOverCoap() throws Exception {
    Daemon daemon = daemon(Content.ON);
    byte[] secret = urn.getBytes(ISO_8859_1);
    List<CoapMessage> requests = new ArrayList<>();
    for (int code : new int[] {CoapCode.GET, CoapCode.PUT, 2, 4, 5}) {
      for (int number :
          new int[] {
            CoapOption.URI_HOST,
            CoapOption.URI_PATH,
            CoapOption.URI_QUERY,
            CoapOption.PROXY_URI,
            CoapOption.ETAG,
            CoapOption.BLOCK1,
            CoapOption.BLOCK2,
            CoapOption.ECHO,
            CoapOption.REQUEST_TAG,
            65_001
          }) {
        requests.add(blocks(code).with(CoapOption.of(number, secret)));
        requests.add(blocks(code).with(CoapOption.of(number, Arrays.copyOf(secret, 52))));
        requests.add(CoapMessage.of(code, CoapOption.of(number, secret)));
      }
      requests.add(blocks(code).with(MemorySegment.ofArray(secret)));
    }
    for (URI url : daemon.coapUrls()) {
      var address = new InetSocketAddress(url.getHost(), url.getPort());
      for (CoapMessage request : requests) {
        String answer =
            url.getScheme().equals("coap")
                ? overUdp(address, request)
                : HalfClosing.talk(address, frame(request));
        assertSilent(request.toString(), answer);
      }
    }
    assertSilentThroughout(daemon);
    assertThat(told).hasSizeGreaterThan(requests.size());
  }

  private static CoapMessage blocks(int code) {
    return CoapMessage.of(
        code,
        CoapOption.text(CoapOption.URI_PATH, ".well-known"),
        CoapOption.text(CoapOption.URI_PATH, "eris"),
        CoapOption.text(CoapOption.URI_PATH, "blocks"));
  }

  private static byte[] frame(CoapMessage message) {
    ByteBuffer bytes = ByteBuffer.allocate(Frame.encodedBytes(message));
    Frame.writeTo(bytes, message);
    return bytes.array();
  }

  private static String overUdp(InetSocketAddress address, CoapMessage request) throws IOException {
    var datagram = new Datagram(Datagram.Type.CONFIRMABLE, 7, request);
    ByteBuffer bytes = ByteBuffer.allocate(datagram.encodedBytes());
    datagram.writeTo(bytes);
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(20_000);
      socket.send(new DatagramPacket(bytes.array(), bytes.capacity(), address));
      var answer = new DatagramPacket(new byte[Datagram.MAX_BYTES], Datagram.MAX_BYTES);
      socket.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), ISO_8859_1);
    }
  }

  private void assertSilentThroughout(Daemon daemon) throws Exception {
    for (String path : List.of("/metrics", "/eris/v1/status", "/readyz", "/")) {
      assertSilent(
          path,
          HalfClosing.talk(
              daemon.httpAddress(),
              "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path).getBytes(ISO_8859_1)));
    }
    daemon.close(); // so that all lines are written
    synchronized (told) {
      told.forEach(line -> assertSilent("log", line));
    }
  }

  /// Nothing of the key, in any usual spelling. References are no secret.
  private void assertSilent(String where, String text) {
    for (String canary : canaries()) {
      assertThat(text.contains(canary)).as("%s tells %s", where, text).isFalse();
    }
  }

  private List<String> canaries() {
    byte[] key = Arrays.copyOfRange(capability.toBytes(), 34, 66);
    return List.of(
        urn.substring(70, 100),
        Base32.encode(key).substring(0, 40),
        HexFormat.of().formatHex(key).substring(0, 40),
        Base64.getEncoder().encodeToString(key).substring(0, 30),
        new String(key, ISO_8859_1));
  }
}
