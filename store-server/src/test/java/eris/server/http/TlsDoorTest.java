package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.server.access.AccessList;
import eris.server.access.Account;
import eris.server.access.Budgets;
import eris.server.access.Gate;
import eris.server.access.UsageFile;
import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.Console;
import eris.server.config.HttpSettings.Content;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.HttpSettings.Put;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.server.config.TlsSettings;
import eris.store.MemoryBlockStore;
import eris.stores.Clock;
import eris.stores.TlsFiles;
import eris.stores.WholeFile;
import eris.testkit.SampleBlock;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The door with TLS, and HTTP/2 behind it.
@Timeout(60)
class TlsDoorTest {
  private static final Path FILES = Path.of("src/test/tls");
  private static final HttpLimits LIMITS =
      new HttpLimits(
          1000, 1 << 20, Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(5));

  @TempDir Path home;
  private final SampleBlock small = SampleBlock.of(BlockSize.KIB_1, 1);
  private final SampleBlock large = SampleBlock.of(BlockSize.KIB_32, 1);
  private final MemoryBlockStore store = new MemoryBlockStore();
  private final BlockService blocks = new BlockService(store, StoreLimits.DEFAULT);
  private HttpDoor door;

  @BeforeEach
  void open() throws IOException {
    var accounts =
        AccessList.EMPTY.with(new Account("alice", OptionalLong.empty(), OptionalLong.empty()));
    var usage = new UsageFile(WholeFile.ofOwner(home.resolve("usage")));
    door =
        new HttpDoor(
            settings("server"),
            blocks,
            new Gate(accounts, new Budgets(usage, Clock.SYSTEM)),
            ServerLog.SILENT);
    store.put(small.reference(), small.bytes());
    store.put(large.reference(), large.bytes());
  }

  @AfterEach
  void close() {
    door.close();
    blocks.close();
  }

  private static HttpSettings settings(String certificate) {
    return settings(FILES.resolve(certificate + ".pem"), FILES.resolve(certificate + ".key"));
  }

  private static HttpSettings settings(Path certificate, Path key) {
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var authority = Optional.of(FILES.resolve("authority.pem"));
    return new HttpSettings(
        anyPort,
        Optional.empty(),
        Put.TOKEN,
        Content.OFF,
        Console.OFF,
        Set.of(),
        1,
        LIMITS,
        Optional.of(new TlsSettings(anyPort, certificate, key, authority)));
  }

  private static HttpClient client(Version version, Optional<String> name) throws IOException {
    var identity =
        name.map(n -> new TlsFiles.Identity(FILES.resolve(n + ".pem"), FILES.resolve(n + ".key")));
    var files = new TlsFiles(Optional.of(FILES.resolve("authority.pem")), identity);
    return HttpClient.newBuilder().version(version).sslContext(files.context()).build();
  }

  private HttpRequest.Builder request(String urn) {
    int port = door.tlsAddress().orElseThrow().getPort();
    return HttpRequest.newBuilder(
        URI.create("https://localhost:%d/uri-res/N2R?%s".formatted(port, urn)));
  }

  private HttpResponse<byte[]> get(HttpClient client, SampleBlock block) throws Exception {
    return client.send(request(block.reference().toUrn()).build(), BodyHandlers.ofByteArray());
  }

  private HttpResponse<String> put(HttpClient client, byte[] body) throws Exception {
    return client.send(
        request("urn:blake2b:").PUT(BodyPublishers.ofByteArray(body)).build(),
        BodyHandlers.ofString());
  }

  private static byte[] bytes(SampleBlock block) {
    return block.bytes().toArray(ValueLayout.JAVA_BYTE);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void blocksComeByBothVersions(Version version) throws Exception {
    if (version.name().equals("HTTP_3")) {
      return;
    }
    try (HttpClient client = client(version, Optional.empty())) {
      for (SampleBlock block : List.of(small, large, small, large)) {
        HttpResponse<byte[]> answer = get(client, block);
        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.body()).isEqualTo(bytes(block));
        assertThat(answer.headers().firstValue("etag"))
            .contains('"' + block.reference().toString() + '"');
      }
      assertThat(get(client, SampleBlock.of(BlockSize.KIB_1, 2)).statusCode()).isEqualTo(404);
      HttpResponse<byte[]> head =
          client.send(
              request(large.reference().toUrn()).HEAD().build(), BodyHandlers.ofByteArray());
      assertThat(head.headers().firstValue("content-length")).contains("32768");
      assertThat(head.body()).isEmpty();
    }
  }

  @Test
  void manyStreamsOfAConnectionAreServedAtOnce() throws Exception {
    try (HttpClient client = client(Version.HTTP_2, Optional.empty())) {
      get(client, small); // the connection they share
      List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        SampleBlock block = i % 2 == 0 ? small : large;
        all.add(
            client.sendAsync(
                request(block.reference().toUrn()).build(), BodyHandlers.ofByteArray()));
      }
      for (int i = 0; i < all.size(); i++) {
        assertThat(all.get(i).get().body()).isEqualTo(bytes(i % 2 == 0 ? small : large));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Version.class,
      names = {"HTTP_1_1", "HTTP_2"})
  void aCertificateIsTheAccountThatItNames(Version version) throws Exception {
    SampleBlock fresh = SampleBlock.of(BlockSize.KIB_32, 3);
    try (HttpClient stranger = client(version, Optional.empty());
        HttpClient nobody = client(version, Optional.of("nobody"));
        HttpClient alice = client(version, Optional.of("alice"))) {
      assertThat(put(stranger, bytes(fresh)).statusCode()).isEqualTo(401);
      assertThat(put(nobody, bytes(fresh)).statusCode()).isEqualTo(401);
      assertThat(store.contains(fresh.reference())).isFalse();
      assertThat(put(alice, bytes(fresh)).statusCode()).isEqualTo(200);
      assertThat(store.contains(fresh.reference())).isTrue();
      assertThat(put(alice, new byte[5]).statusCode()).isEqualTo(400);
      assertThat(put(alice, new byte[40_000]).statusCode()).isEqualTo(413);
    }
  }

  @Test
  void whoIsCertifiedByOthersIsNotLetIn() throws Exception {
    SampleBlock fresh = SampleBlock.of(BlockSize.KIB_1, 3);
    try (HttpClient forged =
        HttpClient.newBuilder().version(Version.HTTP_1_1).sslContext(insisting("forged")).build()) {
      assertThatThrownBy(() -> put(forged, bytes(fresh))).isInstanceOf(IOException.class);
    }
    assertThat(store.contains(fresh.reference())).isFalse();
  }

  /// Shows its certificate to whoever asks for one, whatever authorities they name.
  private static SSLContext insisting(String name) throws Exception {
    var entry = new TlsFiles.Identity(FILES.resolve(name + ".pem"), FILES.resolve(name + ".key"));
    KeyStore.PrivateKeyEntry own = entry.read();
    var manager =
        new X509ExtendedKeyManager() {
          @Override
          public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {name};
          }

          @Override
          public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return name;
          }

          @Override
          public String chooseEngineClientAlias(
              String[] types, Principal[] issuers, SSLEngine engine) {
            return name;
          }

          @Override
          public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
          }

          @Override
          public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            throw new UnsupportedOperationException();
          }

          @Override
          public X509Certificate[] getCertificateChain(String alias) {
            return (X509Certificate[]) own.getCertificateChain();
          }

          @Override
          public PrivateKey getPrivateKey(String alias) {
            return own.getPrivateKey();
          }
        };
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "authority", TlsFiles.certificates(FILES.resolve("authority.pem")).getFirst());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {manager}, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void newCertificatesAreForNewConnectionsAndBadOnesForNone() throws Exception {
    try (HttpClient before = client(Version.HTTP_1_1, Optional.empty());
        HttpClient after = client(Version.HTTP_1_1, Optional.empty())) {
      assertThat(subject(get(before, small))).isEqualTo("CN=server");

      Path broken = Files.writeString(home.resolve("broken.pem"), "no certificate");
      assertThatThrownBy(() -> door.apply(settings(broken, FILES.resolve("server.key"))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("broken.pem")
          .hasMessageContaining("want PEM");
      assertThatThrownBy(
              () -> door.apply(settings(FILES.resolve("server.pem"), FILES.resolve("alice.key"))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("alice.key is not the key of the certificate");
      assertThat(subject(get(before, small))).isEqualTo("CN=server");

      door.apply(settings("renewed"));
      assertThat(subject(get(before, small))).isEqualTo("CN=server");
      assertThat(subject(get(after, small))).isEqualTo("CN=renewed");
    }
  }

  private static String subject(HttpResponse<?> response) throws Exception {
    var certificate =
        (X509Certificate) response.sslSession().orElseThrow().getPeerCertificates()[0];
    return certificate.getSubjectX500Principal().getName();
  }

  @Test
  void whoDoesNotShakeHandsIsCut() throws Exception {
    try (RawClient silent = new RawClient(door.tlsAddress().orElseThrow());
        RawClient plain = new RawClient(door.tlsAddress().orElseThrow())) {
      plain.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(plain.isClosed()).isTrue();
      assertThat(silent.isClosed()).isTrue(); // after three seconds
    }
  }

  @Test
  void http2MayBeginWithoutTls() throws Exception {
    byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] settings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    try (RawClient client = new RawClient(door.address())) {
      for (byte next : preface) {
        client.send(new byte[] {next});
      }
      client.send(settings);
      byte[] head = client.read(9);
      assertThat(head[3]).as("type of the first frame: SETTINGS").isEqualTo((byte) 4);
    }
  }

  @Test
  void whatBeginsLikeHttp2ButIsNotIsNoHttp() throws Exception {
    try (RawClient client = new RawClient(door.address())) {
      client.send("PRI * HTTP/2.0\r\n\r\nSX\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(400);
    }
  }
}
