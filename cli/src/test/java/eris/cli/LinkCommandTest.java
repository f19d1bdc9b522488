package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `eris link`, as transcripts.
final class LinkCommandTest {
  @TempDir Path home;
  private Shell shell = new Shell(Path.of(""));
  private String link = "";
  private String urn = "";

  @BeforeEach
  void makeLink() throws IOException {
    shell = new Shell(home);
    urn = shell.input("Hello world!").eris("put", "--convergent").line();
    link = shell.path("hello.eris");
    Shell.Outcome made =
        shell.eris("link", "--mime", "text/plain", "-o", link, "@" + shell.file("hello.urn", urn));
    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(made.out()).isEmpty();
  }

  @Test
  void aLinkTellsWhatItLeadsToWithoutTheCapability() throws IOException {
    assertThat(shell.eris("link", link).out())
        .isEqualTo(
            """
            handle      eris-H77AGSYKAVTQPUHODJTQA7WZPTWGTTKLRB2GLMF5H53NEKFJ3FUQ
            content     12 bytes
            type        text/plain
            """);
    assertThat(shell.eris("link", "--json", link).line())
        .startsWith("{\"file\":\"" + link + "\",\"size\":12,\"mime\":\"text/plain\"")
        .endsWith("\"attributes\":{}}")
        .doesNotContain(urn.substring(70));
    assertThat(shell.eris("link", "--urn", link, link).out()).isEqualTo(urn + "\n" + urn + "\n");
    assertThat(shell.eris("link", "--urn", "--json", link).out()).contains(urn);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(link))))
        .isEqualTo("rw-------");
  }

  @Test
  void everyCommandTakesALink() {
    assertThat(shell.eris("get", "@" + link).out()).isEqualTo("Hello world!");
    assertThat(shell.eris("verify", "@" + link).exitCode()).isZero();
    assertThat(shell.eris("info", "@" + link).out()).contains("eris-H77A");
  }

  @Test
  void aLinkOfALinkKeepsWhatIsNotChanged() {
    String other = shell.path("other.eris");
    assertThat(shell.eris("link", "-o", other, "--attribute", "name=größe", "@" + link).exitCode())
        .isZero();
    assertThat(shell.eris("link", other).out())
        .endsWith("content     12 bytes\ntype        text/plain\nattribute   name=größe\n");
    shell.eris("link", "-o", other, "--attribute", "name=", "--size", "13", "@" + other);
    assertThat(shell.eris("link", other).out())
        .endsWith("content     13 bytes\ntype        text/plain\n");
  }

  @Test
  void aSizeThatIsToldNeedsNoBlocks() {
    String absent = "dir:" + shell.path("absent");
    String capability = "@" + shell.path("hello.urn");
    assertThat(
            shell.eris("link", "--store", absent, "-o", shell.path("new"), capability).exitCode())
        .isNotZero();
    assertThat(home.resolve("new")).doesNotExist();
    assertThat(shell.eris("link", "--size", "5", "-o", shell.path("new"), capability).exitCode())
        .isZero();
    assertThat(shell.eris("link", shell.path("new")).out())
        .contains("content     5 bytes\ntype        application/octet-stream\n");
  }

  @Test
  void whatIsNoLinkIsCorruptAndMisuseIsUsage() throws IOException {
    Shell.Outcome text = shell.eris("link", shell.path("hello.urn"));
    assertThat(text.exitCode()).isEqualTo(4);
    assertThat(text.err()).startsWith("eris: error: malformed link: ");
    byte[] cut = java.util.Arrays.copyOf(Files.readAllBytes(Path.of(link)), 50);
    assertThat(shell.eris("get", "@" + shell.file("cut", cut)).exitCode()).isEqualTo(4);
    assertThat(shell.eris("link").exitCode()).isEqualTo(2);
    assertThat(shell.eris("link", "--mime", "a/b", link).exitCode()).isEqualTo(2);
    assertThat(shell.eris("link", "-o", shell.path("x"), link, link).exitCode()).isEqualTo(2);
    assertThat(shell.eris("link", "-o", shell.path("x"), "--mime", "ä", "@" + link).exitCode())
        .isEqualTo(2);
    assertThat(shell.eris("link", "-o", shell.path("x"), "--attribute", "=", "@" + link).exitCode())
        .isEqualTo(2);
  }
}
