package eris.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreUrlTest {
  private static final Set<Right> GET_PUT = Set.of(Right.GET, Right.PUT);

  @Test
  void volumeIsAPathOrAPartitionOfOne() throws Exception {
    var path = Path.of("/var/eris");
    assertThat(StoreUrl.parse("volume:///var/eris"))
        .isEqualTo(new StoreUrl.Volume(VolumePath.of(path), GET_PUT));
    UUID guid = UUID.fromString("500e9fd4-7780-4173-8a4e-d669fc304f19");
    var partition = new VolumePath(path, Optional.of(guid));
    StoreUrl url = StoreUrl.parse("volume:/var/eris?get&partition=" + guid);
    assertThat(url).isEqualTo(new StoreUrl.Volume(partition, Set.of(Right.GET)));
    assertThat(url).hasToString("volume:/var/eris?partition=" + guid);
    assertThat(StoreUrl.parse(url.toString())).isEqualTo(new StoreUrl.Volume(partition, GET_PUT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "volume:",
        "volume://host/path",
        "volume:a?partition=",
        "volume:a?partition=1-1-1-1-1",
        "volume:a?partition=500e9fd4-7780-4173-8a4e-d669fc304f19&partition=x",
        "dir:a?partition=500e9fd4-7780-4173-8a4e-d669fc304f19"
      })
  void malformedVolumeIsRefused(String text) {
    assertThatExceptionOfType(MalformedStoreUrl.class).isThrownBy(() -> StoreUrl.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "dir:///var/eris, /var/eris",
    "dir:/var/eris, /var/eris",
    "dir:./relative, ./relative",
    "dir:relative/more, relative/more",
    "DIR:relative, relative",
    "dir:///a%20b%3Fc%23%25, '/a b?c#%'",
    "dir:/%C3%A4/ü, /ä/ü",
    "/var/eris, /var/eris",
    "./relative, ./relative",
    "relative, relative",
    "~, ~",
    "100%, 100%",
    "a%20b#c, a%20b#c",
    "./a:b, ./a:b",
    "a/b:c, a/b:c",
    "1a:b, 1a:b",
    "dir:a@b, a@b",
  })
  void directoryIsNamedByUrlOrBarePath(String text, String path) throws Exception {
    assertThat(StoreUrl.parse(text)).isEqualTo(new StoreUrl.Directory(Path.of(path), GET_PUT));
  }

  @ParameterizedTest
  @CsvSource({"rocksdb:///var/eris, /var/eris", "rocksdb:./x, x", "rocksdb:/a%20b, /a b"})
  void rocksDbIsNamedByPath(String text, String path) throws Exception {
    StoreUrl url = StoreUrl.parse(text);
    assertThat(url)
        .isInstanceOfSatisfying(
            StoreUrl.RocksDb.class,
            rocksDb -> assertThat(rocksDb.path().normalize()).isEqualTo(Path.of(path)));
  }

  @ParameterizedTest
  @CsvSource({"cbor+file:///a%20b.cbor, /a b.cbor", "cbor+file:b.cbor, b.cbor"})
  void archiveIsNamedByPath(String text, String path) throws Exception {
    assertThat(StoreUrl.parse(text)).isEqualTo(new StoreUrl.Archive(Path.of(path), GET_PUT));
  }

  @Test
  void memoryHasNoLocation() throws Exception {
    assertThat(StoreUrl.parse("memory:")).isEqualTo(new StoreUrl.Memory(GET_PUT));
  }

  @ParameterizedTest
  @CsvSource({
    "http://host, http://host:80",
    "https://host, https://host:443",
    "HTTP://host:8080, http://host:8080",
    "http://host:8080/, http://host:8080",
    "http://host/a/b, http://host:80/a/b",
    "http://host/a%20b//, http://host:80/a%20b",
    "http://[::1]:1337/x, http://[::1]:1337/x",
    "http://127.0.0.1:1, http://127.0.0.1:1",
    "http://host:65535, http://host:65535",
  })
  void serverAlwaysHasItsPort(String text, String base) throws Exception {
    assertThat(StoreUrl.parse(text)).isEqualTo(new StoreUrl.Http(URI.create(base), GET_PUT));
  }

  @ParameterizedTest
  @CsvSource({
    "x, GET PUT",
    "x?get, GET",
    "x?put, PUT",
    "x?get&put, GET PUT",
    "x?put&get&put, GET PUT",
    "x?cache, GET CACHE",
    "x?cache&put, GET PUT CACHE",
    "x?get&cache, GET CACHE",
    "dir:/x?get, GET",
    "rocksdb:///x?put, PUT",
    "memory:?cache, GET CACHE",
    "http://host?get, GET",
    "https://host:1/x?put, PUT",
  })
  void queryWordsAreTheRights(String text, String rights) throws Exception {
    assertThat(StoreUrl.parse(text).rights())
        .extracting(Right::name)
        .containsExactlyInAnyOrder(rights.split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource({
    "coap://host, coap://host:5683/.well-known/eris, coap://host:5683",
    "COAP://host/, coap://host:5683/.well-known/eris, coap://host:5683",
    "coap+tcp://[::1]:7/a/b/, coap+tcp://[::1]:7/a/b, coap+tcp://[::1]:7",
    "coaps://host, coaps://host:5684/.well-known/eris, coaps://host:5684",
  })
  void coapServerHasAPortAndTheStoresPath(String text, URI base, String printed) throws Exception {
    StoreUrl url = StoreUrl.parse(text);
    assertThat(url).isEqualTo(new StoreUrl.Coap(base, Optional.empty(), GET_PUT));
    assertThat(url).hasToString(printed);
  }

  @Test
  void keyOfACoapServerIsInAFile() throws Exception {
    assertThat(StoreUrl.parse("coaps://host?get&psk-file=/a%20b"))
        .isEqualTo(
            new StoreUrl.Coap(
                URI.create("coaps://host:5684/.well-known/eris"),
                Optional.of(Path.of("/a b")),
                Set.of(Right.GET)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|the path is empty",
        "?get|the path is empty",
        "dir:|the path is empty",
        "rocksdb:?get|the path is empty",
        "c:|unknown scheme c, want "
            + "cbor+file, coap, coap+tcp, coaps, dir, http, https, memory, rocksdb or volume",
        "coap+ws://host|unknown scheme coap+ws, want "
            + "cbor+file, coap, coap+tcp, coaps, dir, http, https, memory, rocksdb or volume",
        "coap:host|want coap://host[:port][/prefix]",
        "coap+tcp://u:p@host|coap+tcp: takes no user name or password: others can see it",
        "coap://host?psk-file=x|unknown query word, want get, put or cache",
        "coaps://host?psk-file=|the path is empty",
        "dir://host/path|dir: is a local path, want dir:///path or dir:relative",
        "rocksdb://x|rocksdb: is a local path, want rocksdb:///path or rocksdb:relative",
        "dir:/a#b|dir: has a fragment, want %23 for #",
        "dir:/a%|a percent sign without two hexadecimal digits",
        "dir:/a%4|a percent sign without two hexadecimal digits",
        "dir:/a%4g|a percent sign without two hexadecimal digits",
        "dir:/a%ff|the percent-decoded path is not utf-8",
        "dir:/a%c0%80|the percent-decoded path is not utf-8",
        "dir:/a%00b|the path cannot be a file's name on this system",
        "memory:x|memory: has no location",
        "memory://|memory: has no location",
        "http:|want http://host[:port][/prefix]",
        "http://|want http://host[:port][/prefix]",
        "http:host|want http://host[:port][/prefix]",
        "http:///path|want http://host[:port][/prefix]",
        "https://:80|want https://host[:port][/prefix]",
        "http://ho st|want http://host[:port][/prefix]",
        "http://host/a#b|want http://host[:port][/prefix]",
        "http://host:port|want http://host[:port][/prefix]",
        "http://host:-1|want http://host[:port][/prefix]",
        "http://host:0|the port is outside 1..65535",
        "http://host:65536|the port is outside 1..65535",
        "http://u:p@host|http: takes no user name or password: others can see it",
        "x?|unknown query word, want get, put or cache",
        "x?get&|unknown query word, want get, put or cache",
        "x?GET|unknown query word, want get, put or cache",
        "x?get=1|unknown query word, want get, put or cache",
        "http://host?urn:blake2b:X|unknown query word, want get, put or cache",
      })
  void malformedUrlIsOneClearLine(String text, String line) {
    assertThatExceptionOfType(MalformedStoreUrl.class)
        .isThrownBy(() -> StoreUrl.parse(text))
        .withMessage("malformed store url: " + line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir:a\nb", "a\0b", "memory:?get\t"})
  void controlCharactersAreRefused(String text) {
    assertThatExceptionOfType(MalformedStoreUrl.class)
        .isThrownBy(() -> StoreUrl.parse(text))
        .withMessage("malformed store url: holds a control character");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://alice:canary@host/",
        "http://host?canary",
        "http://alice:?canary@host/",
        "http://host:canary/",
        "dir:x?canary",
        "http://canary host/",
      })
  void messageNeverRepeatsWhatMayBeSecret(String text) {
    assertThatExceptionOfType(MalformedStoreUrl.class)
        .isThrownBy(() -> StoreUrl.parse(text))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("canary"))
        .withNoCause();
  }

  @ParameterizedTest
  @CsvSource({
    "dir:///a%20b?get, dir:/a b",
    "rocksdb:x?put, rocksdb:x",
    "memory:?cache, memory:",
    "http://host/p?get, http://host:80/p",
  })
  void printsWithoutItsQuery(String text, String printed) throws Exception {
    assertThat(StoreUrl.parse(text)).hasToString(printed);
  }

  @Test
  void listIsSeparatedByBlanks() throws Exception {
    assertThat(StoreUrl.parseList("  dir:a?cache \t http://h?get\n"))
        .containsExactly(StoreUrl.parse("dir:a?cache"), StoreUrl.parse("http://h?get"));
    assertThat(StoreUrl.parseList("")).isEmpty();
    assertThat(StoreUrl.parseList(" ")).isEmpty();
  }

  @Test
  void listWithOneMalformedUrlIsMalformed() {
    assertThatExceptionOfType(MalformedStoreUrl.class)
        .isThrownBy(() -> StoreUrl.parseList("dir:a nonsense:b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://u@host:80",
        "http://host:80?get",
        "http://host:80#x",
        "http://host:80/",
        "http://host",
        "http://host:65536",
        "ftp://host:80",
        "host",
      })
  void serverIsOnlySchemeHostPortAndPrefix(String base) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StoreUrl.Http(URI.create(base), GET_PUT));
  }
}
