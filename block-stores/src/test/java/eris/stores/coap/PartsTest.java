package eris.stores.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.BlockSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client asks of a server that gives and takes bodies in parts.
final class PartsTest {
  private static final CoapOption TAG = CoapOption.of(CoapOption.REQUEST_TAG, new byte[] {1, 2});
  private static final CoapMessage GET = CoapMessage.of(CoapCode.GET);

  private final byte[] body = new byte[BlockSize.MAX_BYTES];
  private final List<CoapMessage> requests = new ArrayList<>();

  PartsTest() {
    new Random(1).nextBytes(body);
  }

  private CoapMessage send(CoapMessage request, UnaryOperator<CoapMessage> server)
      throws IOException {
    return new Parts(
            part -> {
              requests.add(part);
              return server.apply(part);
            },
            1024,
            BlockSize.MAX_BYTES)
        .send(request, TAG);
  }

  /// Gives parts of the body as large as asked for and as `maxExponent` allows.
  private UnaryOperator<CoapMessage> giving(int maxExponent) {
    return request -> {
      Part wanted = part(request, CoapOption.BLOCK2, new Part(0, false, maxExponent));
      int exponent = Math.min(wanted.sizeExponent(), maxExponent);
      int from = wanted.index() * wanted.unitBytes();
      int units = exponent == Part.BERT ? 5 : 1;
      int to = Math.min(from + units * (16 << Math.min(exponent, Part.KIB_1)), body.length);
      var part = new Part(from >>> 4 + Math.min(exponent, Part.KIB_1), to < body.length, exponent);
      return CoapMessage.of(CoapCode.CONTENT, part.toOption(CoapOption.BLOCK2))
          .with(MemorySegment.ofArray(body).asSlice(from, to - from));
    };
  }

  private static Part part(CoapMessage message, int option, Part otherwise) {
    try {
      return Part.of(message, option).orElse(otherwise);
    } catch (MalformedMessage e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 6, 7})
  void bodyIsPutTogether(int exponent) throws IOException {
    CoapMessage response = send(GET, giving(exponent));
    assertThat(response.payload().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(body);
    int units = exponent == Part.BERT ? 5 : 1;
    int unit = units * (16 << Math.min(exponent, Part.KIB_1));
    assertThat(requests).hasSize((body.length + unit - 1) / unit);
    assertThat(requests.getFirst().options().all()).isEmpty();
  }

  @Test
  void responseInOnePieceIsTaken() throws IOException {
    CoapMessage whole = CoapMessage.of(CoapCode.CONTENT).with(MemorySegment.ofArray(body));
    assertThat(send(GET, _ -> whole)).isSameAs(whole);
  }

  @Test
  void smallPartThatIsAskedForIsAll() throws IOException {
    CoapMessage ask = GET.with(new Part(0, false, 0).toOption(CoapOption.BLOCK2));
    assertThat(send(ask, giving(6)).payload().byteSize()).isEqualTo(16);
    assertThat(requests).hasSize(1);
  }

  @Test
  void bodyWithoutEndIsCut() throws IOException {
    CoapMessage response =
        send(
            GET,
            request -> {
              int index = part(request, CoapOption.BLOCK2, new Part(0, false, 6)).index();
              return CoapMessage.of(
                      CoapCode.CONTENT, new Part(index, true, 6).toOption(CoapOption.BLOCK2))
                  .with(MemorySegment.ofArray(new byte[1024]));
            });
    assertThat(response.payload().byteSize()).isEqualTo(BlockSize.MAX_BYTES + 1024);
    assertThat(requests).hasSize(33);
  }

  @Test
  void partThatIsOutOfPlaceIsRefused() {
    for (Part wrong : List.of(new Part(1, true, 6), new Part(0, true, 5))) {
      CoapMessage response =
          CoapMessage.of(CoapCode.CONTENT, wrong.toOption(CoapOption.BLOCK2))
              .with(MemorySegment.ofArray(new byte[1024]));
      assertThatExceptionOfType(MalformedMessage.class).isThrownBy(() -> send(GET, _ -> response));
    }
  }

  @Test
  void partOfAnotherBodyIsRefused() {
    UnaryOperator<CoapMessage> server = giving(6);
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(
            () ->
                send(
                    GET,
                    request ->
                        server
                            .apply(request)
                            .with(CoapOption.uint(CoapOption.ETAG, requests.size()))))
        .withMessageEndingWith("a part of another body");
  }

  @Test
  void failureAmongThePartsIsTheAnswer() throws IOException {
    UnaryOperator<CoapMessage> server = giving(6);
    CoapMessage response =
        send(
            GET,
            request ->
                requests.size() == 3 ? CoapMessage.of(CoapCode.NOT_FOUND) : server.apply(request));
    assertThat(response.code()).isEqualTo(CoapCode.NOT_FOUND);
  }

  /// Takes parts, at first of 1024 bytes and then as large as `exponent` says.
  private static final class Taking implements UnaryOperator<CoapMessage> {
    private final int exponent;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    Taking(int exponent) {
      this.exponent = exponent;
    }

    @Override
    public CoapMessage apply(CoapMessage request) {
      Part part = part(request, CoapOption.BLOCK1, new Part(0, false, 6));
      assertThat(part.offsetBytes()).isEqualTo(taken.size());
      assertThat(request.options().first(CoapOption.REQUEST_TAG)).hasValue(TAG);
      taken.writeBytes(request.payload().toArray(ValueLayout.JAVA_BYTE));
      Part answer = new Part(part.index(), part.more(), Math.min(part.sizeExponent(), exponent));
      return CoapMessage.of(
          part.more() ? CoapCode.CONTINUE : CoapCode.CREATED, answer.toOption(CoapOption.BLOCK1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 6})
  void bodyIsSentInPartsAsTheServerWants(int exponent) throws IOException {
    var server = new Taking(exponent);
    CoapMessage put = CoapMessage.of(CoapCode.PUT).with(MemorySegment.ofArray(body));
    assertThat(send(put, server).code()).isEqualTo(CoapCode.CREATED);
    assertThat(server.taken.toByteArray()).isEqualTo(body);
    assertThat(requests).hasSize(1 + (body.length - 1024) / (16 << exponent));
  }

  @Test
  void bodyThatFitsIsSentWhole() throws IOException {
    CoapMessage put =
        CoapMessage.of(CoapCode.PUT).with(MemorySegment.ofArray(body).asSlice(0, 1024));
    send(put, _ -> CoapMessage.of(CoapCode.CREATED));
    assertThat(requests).containsExactly(put);
  }

  @Test
  void serverMayWantSmallerPartsFromTheBeginning() throws IOException {
    var server = new Taking(4);
    CoapMessage put = CoapMessage.of(CoapCode.PUT).with(MemorySegment.ofArray(body));
    CoapMessage response =
        send(
            put,
            request ->
                request.payload().byteSize() > 256
                    ? CoapMessage.of(
                        CoapCode.ENTITY_TOO_LARGE, new Part(0, true, 4).toOption(CoapOption.BLOCK1))
                    : server.apply(request));
    assertThat(response.code()).isEqualTo(CoapCode.CREATED);
    assertThat(server.taken.toByteArray()).isEqualTo(body);
  }

  @Test
  void refusalEndsTheSending() throws IOException {
    CoapMessage put = CoapMessage.of(CoapCode.PUT).with(MemorySegment.ofArray(body));
    for (int code : List.of(CoapCode.ENTITY_TOO_LARGE, CoapCode.CREATED, CoapCode.UNAVAILABLE)) {
      requests.clear();
      assertThat(send(put, _ -> CoapMessage.of(code)).code()).isEqualTo(code);
      assertThat(requests).hasSize(1);
    }
  }
}
