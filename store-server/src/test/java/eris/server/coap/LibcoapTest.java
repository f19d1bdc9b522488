package eris.server.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.BlockSize;
import eris.Reference;
import eris.server.config.EchoMode;
import eris.store.BlockStore;
import eris.stores.Clock;
import eris.stores.Right;
import eris.stores.StoreUrl;
import eris.stores.coap.CoapStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.DatagramSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// libcoap's programs (Debian libcoap3-bin) and ours, on both sides.
@Tag("wide")
@Timeout(120)
final class LibcoapTest {
  private static final String KEY = "0123456789abcdef";

  @TempDir Path directory;
  private final CoapFixture fixture = new CoapFixture();

  @AfterEach
  void stop() throws IOException {
    fixture.close();
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /// What a client prints, in the end.
  private static String run(String... command) throws IOException, InterruptedException {
    Process process = start(List.of(command));
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return printed;
  }

  private String url(String transport) throws IOException {
    CoapDoor door =
        switch (transport) {
          case "coap" -> fixture.udp();
          case "coap-echo" -> fixture.udp(new CoapDoor.Settings(true, EchoMode.ON));
          case "coaps" -> fixture.dtls(directory, keyLine());
          default -> fixture.tcp();
        };
    return "%s://127.0.0.1:%d/.well-known/eris/blocks"
        .formatted(transport.replace("-echo", ""), door.address().getPort());
  }

  private static String keyLine() {
    return "alice:%s\n"
        .formatted(HexFormat.of().formatHex(KEY.getBytes(StandardCharsets.US_ASCII)));
  }

  @ParameterizedTest
  @CsvSource({
    "coap, coap-client-notls",
    "coap-echo, coap-client-notls",
    "coap+tcp, coap-client-notls",
    "coaps, coap-client-openssl",
    "coaps, coap-client-gnutls",
  })
  void itsClientGetsAndPutsBlocks(String transport, String client)
      throws IOException, InterruptedException {
    String url = url(transport);
    for (BlockSize size : BlockSize.values()) {
      byte[] block = fixture.bytes(size);
      Reference reference = fixture.hold(block);
      Path got = directory.resolve("got");
      run(client, "-u", "alice", "-k", KEY, "-o", got.toString(), url + "?" + reference);
      assertThat(got).hasBinaryContent(block);
      Files.delete(got);

      byte[] other = fixture.bytes(size);
      Path file = Files.write(directory.resolve("block"), other);
      String printed =
          run(client, "-u", "alice", "-k", KEY, "-m", "put", "-f", file.toString(), url);
      assertThat(printed).doesNotContain("4.", "5.");
      assertThat(fixture.holds(other)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"coap-client-openssl", "coap-client-gnutls"})
  void itsClientWithAnotherKeyGetsNothing(String client) throws IOException, InterruptedException {
    String url = url("coaps");
    Reference reference = fixture.hold(fixture.bytes(BlockSize.KIB_1));
    Path got = directory.resolve("got");
    run(
        client,
        "-u",
        "alice",
        "-k",
        "fedcba9876543210",
        "-B",
        "3",
        "-o",
        got.toString(),
        url + "?" + reference);
    assertThat(got).doesNotExist();
  }

  /// libcoap's server keeps what is put under a name, of any: it takes blocks, and names none by its
  /// reference. So a block is put there as a client does, and got from the name it was put under.
  enum Transport {
    UDP("coap", "coap-server-notls", 0),
    TCP("coap+tcp", "coap-server-notls", 0),
    OPENSSL("coaps", "coap-server-openssl", 1),
    GNUTLS("coaps", "coap-server-gnutls", 1);

    private final String scheme;
    private final String server;
    private final int portOffset;

    Transport(String scheme, String server, int portOffset) {
      this.scheme = scheme;
      this.server = server;
      this.portOffset = portOffset;
    }
  }

  @ParameterizedTest
  @EnumSource
  void itsServerTakesAndGivesBlocks(Transport transport) throws IOException, InterruptedException {
    int port = freePort();
    List<String> command = new ArrayList<>(List.of(transport.server, "-A", "127.0.0.1"));
    command.addAll(List.of("-p", String.valueOf(port), "-d", "10", "-v", "0"));
    if (transport.portOffset != 0) {
      command.addAll(List.of("-k", KEY));
    }
    Process server = start(command);
    try (BlockStore store = open(transport, port)) {
      for (BlockSize size : BlockSize.values()) {
        MemorySegment block = MemorySegment.ofArray(fixture.bytes(size));
        Reference reference = Reference.of(block);
        put(store, reference, block);
        MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
        assertThat(store.contains(reference)).isTrue();
        assertThat(store.get(reference, target))
            .hasValueSatisfying(got -> assertThat(got.mismatch(block)).isEqualTo(-1));
      }
    } finally {
      server.destroy();
    }
  }

  /// Until the server is there.
  private static void put(BlockStore store, Reference reference, MemorySegment block)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        store.put(reference, block);
        return;
      } catch (IOException e) {
        if (attempt == 20) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  private CoapStore open(Transport transport, int port) throws IOException {
    URI base =
        URI.create(
            "%s://127.0.0.1:%d/store".formatted(transport.scheme, port + transport.portOffset));
    Path keys = Files.writeString(directory.resolve("keys"), keyLine());
    return CoapStore.open(
        new StoreUrl.Coap(base, Optional.of(keys), Set.of(Right.GET, Right.PUT)), Optional.empty());
  }

  private static int freePort() throws IOException {
    try (var socket = new DatagramSocket()) {
      return socket.getLocalPort();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wrong key", "wrong name"})
  void ourClientWithAnotherKeyGetsNothing(String what) throws IOException {
    CoapDoor door = fixture.dtls(directory, keyLine());
    String line =
        what.equals("wrong key") ? keyLine().replace("30", "31") : "bob:" + "00".repeat(16);
    Path keys = Files.writeString(directory.resolve("other"), line);
    try (CoapStore store =
        CoapStore.open(
            CoapFixture.url("coaps", door, Optional.of(keys)),
            Optional.empty(),
            new CoapStore.Limits(Duration.ofSeconds(3), Duration.ofSeconds(3)),
            Clock.SYSTEM,
            new Random())) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> store.contains(new Reference(1, 2, 3, 4)))
          .withMessageStartingWith("no answer from coaps://"); // nobody tells who was wrong
    }
  }
}
