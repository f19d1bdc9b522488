package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.server.config.DaemonSettings;
import eris.server.config.DaemonSettings.Requests;
import eris.server.config.HttpSettings.Content;
import eris.server.config.HttpSettings.Put;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where settings come from, and what is said of bad ones.
final class ServeSettingsTest {
  @TempDir Path directory;

  private DaemonSettings settings(
      Map<ServeKey, String> options, Map<String, String> environment, String file)
      throws Exception {
    var io =
        new Io(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            new PrintStream(OutputStream.nullOutputStream()),
            "",
            environment,
            () -> new Random(1),
            () -> 0);
    Path path = Files.writeString(directory.resolve("settings"), file);
    return ServeSettings.of(new ServeConfig(options, io, Optional.of(path)), io, Optional.empty());
  }

  @Test
  void withoutAnySettingsItServesThisMachine() throws Exception {
    DaemonSettings settings = settings(Map.of(), Map.of(), "");
    assertThat(settings.http().address().getAddress().isLoopbackAddress()).isTrue();
    assertThat(settings.http().put()).isEqualTo(Put.ON);
  }

  @Test
  void optionsAreStrongerThanTheEnvironmentAndThatThanTheFile() throws Exception {
    String file = "# ports\n\nhttp = 127.0.0.1:1\nconnections=7\n cache = 1MiB ";
    Map<String, String> environment = Map.of("ERIS_HTTP", "127.0.0.1:2", "ERIS_CONNECTIONS", "8");
    DaemonSettings settings = settings(Map.of(ServeKey.HTTP, "127.0.0.1:3"), environment, file);
    assertThat(settings.http().address().getPort()).isEqualTo(3);
    assertThat(settings.http().limits().connections()).isEqualTo(8);
    assertThat(settings.store().cacheBytes()).isEqualTo(1 << 20);
  }

  @Test
  void elsewhereNobodyPuts() throws Exception {
    assertThat(settings(Map.of(), Map.of(), "http = 0.0.0.0:1").http().put()).isEqualTo(Put.OFF);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x | line 1: want key = value",
        "port = 1 | line 1: there is no key port",
        "http = 8080 | line 1, http: want HOST:PORT, not '8080'",
        "http = [::1]:99999 | line 1, http: want HOST:PORT, not '[::1]:99999'",
        "put = yes | line 1, put: want on, token or off, not 'yes'",
        "cache = much | line 1, cache: want a size, as 64MiB, not 'much'",
        "connections = 0 | line 1, connections: want a number from 1 to 1000000, not '0'",
        "event-loops = two | line 1, event-loops: want a number from 1 to 1024, not 'two'",
      })
  void badSettingsAreNamedWithTheirPlace(String line, String message) {
    assertThatThrownBy(() -> settings(Map.of(), Map.of(), line))
        .isInstanceOf(Failure.class)
        .hasMessageEndingWith(message);
  }

  @Test
  void whatIsSetTwiceIsRefused() {
    assertThatThrownBy(() -> settings(Map.of(), Map.of(), "put = on\nput = off"))
        .hasMessageEndingWith("line 2, put: it is set twice");
  }

  @ParameterizedTest
  @CsvSource({"on, ON", "token, TOKEN", "off, OFF"})
  void puttingIsAsItIsSet(String value, Put put) throws Exception {
    DaemonSettings settings =
        settings(Map.of(), Map.of(), "http = 0.0.0.0:1\ncoap = 0.0.0.0:2\nput = " + value);
    assertThat(settings.http().put()).isEqualTo(put);
    InetSocketAddress everywhere = settings.coap().udp().orElseThrow();
    assertThat(settings.coap().takesBlocksAt(everywhere)).isFalse();
    assertThat(settings.coap().takesBlocksByKeyAt(everywhere)).isEqualTo(put != Put.OFF);
  }

  @Test
  void contentIsDecodedForThisMachineOnlyUnlessSomebodySaysPublic() throws Exception {
    assertThat(settings(Map.of(), Map.of(), "").http().content()).isEqualTo(Content.OFF);
    assertThat(settings(Map.of(), Map.of(), "content = on").http().content()).isEqualTo(Content.ON);
    assertThatThrownBy(() -> settings(Map.of(), Map.of(), "http = 0.0.0.0:1\ncontent = on"))
        .hasMessageEndingWith("line 2, content: content is decoded at loopback addresses only");
    assertThat(settings(Map.of(), Map.of(), "http = 0.0.0.0:1\ncontent = public").http().content())
        .isEqualTo(Content.PUBLIC);
  }

  @Test
  void requestsAreLoggedWhereThatIsSet() throws Exception {
    assertThat(settings(Map.of(), Map.of(), "").requests()).isEqualTo(Requests.UNLOGGED);
    assertThat(settings(Map.of(), Map.of(), "access-log = json").requests())
        .isEqualTo(Requests.LOGGED);
    assertThatThrownBy(() -> settings(Map.of(), Map.of(), "access-log = yes"))
        .hasMessageEndingWith("line 1, access-log: want off, text or json, not 'yes'");
  }

  @Test
  void accountsAreReadAndABadFileIsRefused() throws Exception {
    Path file = directory.resolve("access");
    Files.writeString(file, "eris access 1\naccount alice quota=5\n");
    assertThat(settings(Map.of(), Map.of(), "access = " + file).access().list().account("alice"))
        .isPresent();
    Files.writeString(file, "eris access 1\naccount Alice\n");
    assertThatThrownBy(() -> settings(Map.of(), Map.of(), "access = " + file))
        .hasMessageContaining("access, line 2: ");
  }
}
