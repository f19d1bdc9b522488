package eris.server.coap;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import eris.server.config.EchoMode;
import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.store.StoreException;
import eris.stores.coap.CoapCode;
import eris.stores.coap.CoapMessage;
import eris.stores.coap.CoapOption;
import eris.stores.coap.Datagram;
import eris.stores.coap.MalformedMessage;
import eris.stores.coap.Part;
import eris.stores.coap.Token;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The exact messages of the server over UDP.
@Timeout(60)
final class UdpDoorTest {
  private static final int SILENCE_MILLIS = 300;

  private final CoapFixture fixture = new CoapFixture();
  private final DatagramSocket socket;
  private int id = 1000;

  UdpDoorTest() throws IOException {
    socket = new DatagramSocket();
  }

  @AfterEach
  void stop() throws Exception {
    socket.close();
    fixture.close();
  }

  private void connect(CoapDoor door) throws IOException {
    socket.connect(door.address());
  }

  private void sendRaw(byte[] bytes) throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length));
  }

  private Optional<Datagram> receive() throws IOException {
    var packet = new DatagramPacket(new byte[4096], 4096);
    socket.setSoTimeout(SILENCE_MILLIS);
    try {
      socket.receive(packet);
    } catch (SocketTimeoutException _) {
      return Optional.empty();
    }
    return Optional.of(Datagram.readFrom(ByteBuffer.wrap(packet.getData(), 0, packet.getLength())));
  }

  private static byte[] bytes(Datagram datagram) {
    ByteBuffer bytes = ByteBuffer.allocate(datagram.encodedBytes());
    datagram.writeTo(bytes);
    return bytes.array();
  }

  /// The response to a request with a message ID and a token of its own.
  private CoapMessage ask(CoapMessage request) throws IOException {
    int sent = ++id;
    sendRaw(bytes(new Datagram(Datagram.Type.CONFIRMABLE, sent, request.with(token(sent)))));
    socket.setSoTimeout(20_000);
    var packet = new DatagramPacket(new byte[4096], 4096);
    socket.receive(packet);
    Datagram answer = Datagram.readFrom(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
    assertThat(answer.type()).isEqualTo(Datagram.Type.ACKNOWLEDGEMENT);
    assertThat(answer.id()).isEqualTo(sent);
    assertThat(answer.message().token()).isEqualTo(token(sent));
    return answer.message();
  }

  private static Token token(int id) {
    return new Token(id, 3);
  }

  private static CoapMessage request(int code, CoapOption... more) {
    List<CoapOption> options = new ArrayList<>();
    for (String segment : List.of(".well-known", "eris", "blocks")) {
      options.add(CoapOption.text(CoapOption.URI_PATH, segment));
    }
    options.addAll(List.of(more));
    return CoapMessage.of(code, options.toArray(CoapOption[]::new));
  }

  private static CoapMessage get(Reference reference, CoapOption... more) {
    return request(CoapCode.GET, more)
        .with(CoapOption.text(CoapOption.URI_QUERY, reference.toString()));
  }

  private static byte[] payload(CoapMessage message) {
    return message.payload().toArray(ValueLayout.JAVA_BYTE);
  }

  private static String text(CoapMessage message) {
    return new String(payload(message), StandardCharsets.UTF_8);
  }

  /// nim-eris's release builds send the octets, and without a name before them.
  @Test
  void blockIsGivenForItsReferenceInTextAndInOctets() throws IOException {
    connect(fixture.udp());
    byte[] block = fixture.bytes(BlockSize.KIB_1);
    Reference reference = fixture.hold(block);
    byte[] octets = new byte[Reference.BYTES];
    reference.writeTo(MemorySegment.ofArray(octets), 0);
    CoapMessage raw = request(CoapCode.GET, CoapOption.of(CoapOption.URI_QUERY, octets));
    for (CoapMessage request : List.of(get(reference), raw, get(reference))) {
      CoapMessage response = ask(request);
      assertThat(response.code()).isEqualTo(CoapCode.CONTENT);
      assertThat(payload(response)).isEqualTo(block);
      assertThat(response.options().uint(CoapOption.MAX_AGE)).hasValue(31_536_000);
      assertThat(response.options().has(CoapOption.BLOCK2)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 6})
  void largeBlockIsGivenInParts(int exponent) throws IOException {
    connect(fixture.udp());
    byte[] block = fixture.bytes(BlockSize.KIB_32);
    Reference reference = fixture.hold(block);
    var body = new ByteArrayOutputStream();
    Part part;
    do {
      var wanted = new Part(body.size() >>> 4 + exponent, false, exponent);
      CoapMessage response =
          ask(
              exponent == Part.KIB_1 && body.size() == 0
                  ? get(reference)
                  : get(reference, wanted.toOption(CoapOption.BLOCK2)));
      part = Part.of(response, CoapOption.BLOCK2).orElseThrow();
      assertThat(part.offsetBytes()).isEqualTo(body.size());
      assertThat(response.options().uint(CoapOption.SIZE2)).hasValue(32_768);
      assertThat(response.options().first(CoapOption.ETAG).orElseThrow().value()).hasSize(8);
      body.writeBytes(payload(response));
    } while (part.more());
    assertThat(body.toByteArray()).isEqualTo(block);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "blocks|0x01||0x80|want one query: a reference of 32 octets or in base32",
        "blocks|0x01|abc|0x80|want one query: a reference of 32 octets or in base32",
        "blocks|0x01|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|0x80|want one query: a reference of 32 octets or in base32",
        "blocks|0x01|AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA|0x84|''",
        "blocks|0x02||0x85|want GET or PUT",
        "blocks|0x04||0x85|want GET or PUT",
        "blocks|0x1f||0x85|want GET or PUT",
        "other|0x01||0x84|want /.well-known/eris/blocks",
        "blocks|0x03||0x80|a block has 1024 or 32768 bytes, not 0",
      })
  void badRequestSaysWhy(String resource, String code, String query, String answer, String line)
      throws IOException {
    connect(fixture.udp());
    CoapMessage request =
        CoapMessage.of(
            Integer.decode(code),
            CoapOption.text(CoapOption.URI_PATH, ".well-known"),
            CoapOption.text(CoapOption.URI_PATH, "eris"),
            CoapOption.text(CoapOption.URI_PATH, resource));
    CoapMessage response =
        ask(query == null ? request : request.with(CoapOption.text(CoapOption.URI_QUERY, query)));
    assertThat(CoapCode.spoken(response.code())).isEqualTo(CoapCode.spoken(Integer.decode(answer)));
    assertThat(text(response)).isEqualTo(line);
  }

  @Test
  void optionsThatMatterAreNotIgnored() throws IOException {
    connect(fixture.udp());
    Reference reference = fixture.hold(fixture.bytes(BlockSize.KIB_1));
    assertThat(ask(get(reference, CoapOption.of(9, new byte[0]))).code())
        .isEqualTo(CoapCode.BAD_OPTION);
    assertThat(ask(get(reference, CoapOption.of(2060, new byte[0]))).code())
        .as("an elective one")
        .isEqualTo(CoapCode.CONTENT);
    assertThat(ask(get(reference, CoapOption.uint(CoapOption.ACCEPT, 50))).code())
        .isEqualTo(CoapCode.NOT_ACCEPTABLE);
    assertThat(ask(get(reference, CoapOption.uint(CoapOption.ACCEPT, 42))).code())
        .isEqualTo(CoapCode.CONTENT);
    assertThat(ask(get(reference, CoapOption.text(CoapOption.PROXY_URI, "coap://x"))).code())
        .isEqualTo(CoapCode.NO_PROXY);
    assertThat(ask(get(reference, CoapOption.of(CoapOption.BLOCK2, new byte[4]))).code())
        .isEqualTo(CoapCode.BAD_OPTION);
    assertThat(
            ask(get(reference, new Part(1, false, Part.KIB_1).toOption(CoapOption.BLOCK2))).code())
        .as("a part behind the end")
        .isEqualTo(CoapCode.BAD_OPTION);
  }

  @ParameterizedTest
  @EnumSource
  void putIsAnsweredAlikeForNewAndForKnownBlocks(BlockSize size) throws IOException {
    connect(fixture.udp());
    byte[] block = fixture.bytes(size);
    CoapMessage first = put(block, new byte[] {1});
    assertThat(first.code()).isEqualTo(CoapCode.CREATED);
    assertThat(fixture.holds(block)).isTrue();
    CoapMessage second = put(block, new byte[] {2});
    assertThat(second.code()).isEqualTo(CoapCode.CREATED);
    assertThat(second.options()).isEqualTo(first.options());
    assertThat(second.hasPayload()).isFalse();
  }

  private CoapMessage put(byte[] block, byte[] tag) throws IOException {
    MemorySegment body = MemorySegment.ofArray(block);
    if (block.length <= 1024) {
      return ask(request(CoapCode.PUT).with(body));
    }
    CoapMessage response = CoapMessage.of(CoapCode.EMPTY);
    for (int i = 0; i < block.length / 1024; i++) {
      response = ask(part(block, i, tag));
      if (response.code() != CoapCode.CONTINUE) {
        break;
      }
    }
    return response;
  }

  private static CoapMessage part(byte[] block, int index, byte[] tag) {
    var part = new Part(index, (index + 1) * 1024 < block.length, Part.KIB_1);
    return request(
            CoapCode.PUT,
            part.toOption(CoapOption.BLOCK1),
            CoapOption.of(CoapOption.REQUEST_TAG, tag))
        .with(MemorySegment.ofArray(block).asSlice(index * 1024L, 1024));
  }

  @Test
  void blocksWithTagsOfTheirOwnAreSentAtATime() throws IOException {
    connect(fixture.udp());
    byte[] one = fixture.bytes(BlockSize.KIB_32);
    byte[] other = fixture.bytes(BlockSize.KIB_32);
    for (int i = 0; i < 32; i++) {
      int code = i < 31 ? CoapCode.CONTINUE : CoapCode.CREATED;
      assertThat(ask(part(one, i, new byte[] {1})).code()).isEqualTo(code);
      assertThat(ask(part(other, i, new byte[] {2})).code()).isEqualTo(code);
    }
    assertThat(fixture.holds(one)).isTrue();
    assertThat(fixture.holds(other)).isTrue();
  }

  @Test
  void partThatComesAgainIsAnsweredAsBefore() throws IOException {
    connect(fixture.udp());
    byte[] block = fixture.bytes(BlockSize.KIB_32);
    for (int i = 0; i < 32; i++) {
      CoapMessage response = ask(part(block, i, new byte[] {1}));
      byte[] again =
          bytes(
              new Datagram(
                  Datagram.Type.CONFIRMABLE, id, part(block, i, new byte[] {1}).with(token(id))));
      sendRaw(again);
      CoapMessage repeated = receive().orElseThrow().message();
      assertThat(repeated.code()).isEqualTo(response.code());
    }
    assertThat(fixture.holds(block)).isTrue();
  }

  @Test
  void partsThatDoNotFitAreRefused() throws IOException {
    connect(fixture.udp());
    byte[] block = fixture.bytes(BlockSize.KIB_32);
    assertThat(ask(part(block, 3, new byte[] {1})).code()).isEqualTo(CoapCode.ENTITY_INCOMPLETE);
    assertThat(ask(part(new byte[33 << 10], 32, new byte[] {1})).code())
        .isEqualTo(CoapCode.ENTITY_TOO_LARGE);
    CoapMessage shortPart =
        part(block, 0, new byte[] {1}).with(MemorySegment.ofArray(new byte[100]));
    assertThat(ask(shortPart).code()).isEqualTo(CoapCode.BAD_REQUEST);
  }

  @Test
  void putIsRefusedWhereItIsOff() throws IOException {
    connect(fixture.udp(new CoapDoor.Settings(false, EchoMode.AUTO)));
    CoapMessage response = put(fixture.bytes(BlockSize.KIB_1), new byte[0]);
    assertThat(response.code()).isEqualTo(CoapCode.METHOD_NOT_ALLOWED);
    assertThat(text(response)).isEqualTo("the store takes no blocks");
  }

  @Test
  void storeThatIsFullOrFailsIsAServersError() throws Exception {
    BlockStore full =
        new FailingStore(new StoreException.Full("x", new IOException("/secret/path")));
    try (var other = new CoapFixture(full)) {
      connect(other.udp());
      CoapMessage response = put(fixture.bytes(BlockSize.KIB_1), new byte[0]);
      assertThat(CoapCode.spoken(response.code())).isEqualTo("5.00");
      assertThat(text(response)).isEqualTo("the store is full");
    }
    try (var other = new CoapFixture(new FailingStore(new IOException("/secret/path")))) {
      connect(other.udp());
      CoapMessage response = ask(get(new Reference(1, 2, 3, 4)));
      assertThat(CoapCode.spoken(response.code())).isEqualTo("5.00");
      assertThat(text(response)).isEqualTo("the store failed");
    }
  }

  /// Does nothing but fail.
  private record FailingStore(IOException failure) implements BlockStore {
    @Override
    public Optional<MemorySegment> get(Reference reference, MemorySegment target)
        throws IOException {
      throw failure;
    }

    @Override
    public void put(Reference reference, MemorySegment block) throws IOException {
      throw failure;
    }

    @Override
    public boolean contains(Reference reference) throws IOException {
      throw failure;
    }

    @Override
    public void sync() {}

    @Override
    public void close() {}
  }

  @Test
  void corruptBlockIsNeverSent() throws Exception {
    byte[] block = fixture.bytes(BlockSize.KIB_1);
    var rotten = new MemoryBlockStore();
    Reference wrong = new Reference(4, 3, 2, 1);
    rotten.put(wrong, MemorySegment.ofArray(block));
    try (var other = new CoapFixture(rotten)) {
      connect(other.udp());
      CoapMessage response = ask(get(wrong));
      assertThat(CoapCode.spoken(response.code())).isEqualTo("5.00");
      assertThat(text(response)).isEqualTo("the block is corrupt");
    }
  }

  @Test
  void addressThatDoesNotAnswerGetsLittle() throws IOException {
    connect(fixture.udp(new CoapDoor.Settings(true, EchoMode.ON)));
    Reference reference = fixture.hold(fixture.bytes(BlockSize.KIB_1));
    CoapMessage asked = ask(get(reference));
    assertThat(CoapCode.spoken(asked.code())).isEqualTo("4.01");
    CoapOption echo = asked.options().first(CoapOption.ECHO).orElseThrow();
    CoapMessage forged = ask(get(reference, CoapOption.of(CoapOption.ECHO, new byte[8])));
    assertThat(CoapCode.spoken(forged.code())).isEqualTo("4.01");
    CoapMessage absent = ask(get(new Reference(1, 2, 3, 4)));
    assertThat(CoapCode.spoken(absent.code())).as("tells nothing either").isEqualTo("4.01");
    CoapMessage links = ask(links());
    for (CoapMessage small : List.of(asked, forged, absent, links)) {
      int bytes = new Datagram(Datagram.Type.ACKNOWLEDGEMENT, 1, small).encodedBytes();
      assertThat(bytes).isLessThanOrEqualTo(136);
    }
    assertThat(ask(get(reference, echo)).code()).isEqualTo(CoapCode.CONTENT);
    assertThat(ask(get(reference)).code()).as("is believed").isEqualTo(CoapCode.CONTENT);
  }

  private static CoapMessage links() {
    return CoapMessage.of(
        CoapCode.GET,
        CoapOption.text(CoapOption.URI_PATH, ".well-known"),
        CoapOption.text(CoapOption.URI_PATH, "core"));
  }

  @Test
  void resourceIsListed() throws IOException {
    connect(fixture.udp());
    CoapMessage response = ask(links());
    assertThat(text(response)).isEqualTo("</.well-known/eris/blocks>;rt=\"eris.blocks\";sz=32768");
    assertThat(response.options().uint(CoapOption.CONTENT_FORMAT)).hasValue(40);
  }

  @Test
  void requestWithoutAcknowledgementIsAnsweredInKind() throws IOException {
    connect(fixture.udp());
    Reference reference = fixture.hold(fixture.bytes(BlockSize.KIB_1));
    sendRaw(
        bytes(
            new Datagram(Datagram.Type.NON_CONFIRMABLE, 5, get(reference).with(new Token(9, 1)))));
    Datagram answer = receive().orElseThrow();
    assertThat(answer.type()).isEqualTo(Datagram.Type.NON_CONFIRMABLE);
    assertThat(answer.message().token()).isEqualTo(new Token(9, 1));
    assertThat(answer.message().code()).isEqualTo(CoapCode.CONTENT);
  }

  @Test
  void pingAndWhatCannotBeReadAreReset() throws IOException, MalformedMessage {
    connect(fixture.udp());
    sendRaw(bytes(Datagram.empty(Datagram.Type.CONFIRMABLE, 7)));
    assertThat(receive()).hasValue(Datagram.empty(Datagram.Type.RESET, 7));
    sendRaw(new byte[] {0x40, (byte) 0xff, 0, 8, 1});
    assertThat(receive()).hasValue(Datagram.empty(Datagram.Type.RESET, 8));
  }

  @Test
  void whatWantsNoAnswerGetsNone() throws IOException {
    connect(fixture.udp());
    sendRaw(new byte[0]);
    sendRaw(new byte[] {0x40, 1, 0});
    sendRaw(new byte[] {(byte) 0xc0, 1, 0, 1});
    sendRaw(new byte[] {0x50, (byte) 0xff, 0, 1});
    sendRaw(bytes(Datagram.empty(Datagram.Type.RESET, 7)));
    sendRaw(bytes(Datagram.empty(Datagram.Type.ACKNOWLEDGEMENT, 7)));
    sendRaw(new byte[3000]);
    assertThat(receive()).isEmpty();
    assertThat(ask(links()).code()).isEqualTo(CoapCode.CONTENT);
  }
}
