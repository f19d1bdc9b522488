package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the door says to those who use HTTP for something else.
final class HttpMisuseTest extends HttpDoorFixture {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example",
        "Host: localhost.evil.example:80",
        "Host: localhost\r\nOrigin: http://evil.example",
        "Host: localhost\r\nOrigin: null",
        "Host: 10.0.0.1",
      })
  void pagesOfOtherSitesAreKeptOut(String headers) throws Exception {
    ask(get(small)); // into memory
    String request = get(small).replace("Host: localhost", headers);
    assertThat(ask(request).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: localhost:8080",
        "Host: 127.0.0.1",
        "Host: [::1]:80",
        "Host: blocks.example",
        "Host: localhost\r\nOrigin: http://localhost:3000",
      })
  void theMachinesOwnNamesAreWelcome(String headers) throws Exception {
    String request = get(small).replace("Host: localhost", headers);
    assertThat(ask(request).status()).isEqualTo(200);
    assertThat(ask(request).status()).isEqualTo(200);
  }

  /// Each could be read as another number of requests by a server before this one.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length : 5\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: identity, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding:\u000bchunked\r\n",
        "X: y\nContent-Length: 5\r\n",
        "X: y\rContent-Length: 5\r\n",
        "X: a\0b\r\nContent-Length: 5\r\n",
        "X\r\n",
        "Content-Length: 5\r\n 6\r\n",
        "Host: other.example\r\nContent-Length: 5\r\n",
      })
  void smuggledRequestsAreRefusedAndTheConnectionEnds(String headers) throws Exception {
    try (RawClient client = connect()) {
      client.send("PUT /uri-res/N2R?urn:blake2b:" + HOST + headers + "\r\n0\r\n\r\n" + get(small));
      assertThat(client.answer().status()).as(headers).isEqualTo(400);
      assertThat(client.isClosed()).as(headers).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /x\r\n\r\n",
        "GET /x HTTP/1.1\r\n\r\n",
        "GET /x HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "GET x HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /x HTTP/1.1\nHost: localhost\n\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nGET ",
      })
  void whatIsNotHttpIsRefusedAndTheConnectionEnds(String request) throws Exception {
    try (RawClient client = connect()) {
      client.send(request);
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void longLinesAndManyHeadersAreRefused() throws Exception {
    assertThat(ask("GET /" + "x".repeat(2000) + HOST + "\r\n").status()).isEqualTo(400);
    assertThat(ask("GET /x" + HOST + "X: y\r\n".repeat(3000) + "\r\n").status()).isEqualTo(400);
  }
}
