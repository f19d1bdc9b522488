package eris.image.closure;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import eris.format.Manifest;
import java.nio.charset.StandardCharsets;

/// To search: `JAZZER_FUZZ=1 mvn test -pl image-tools -am -Dtest=ManifestJsonFuzzTest
/// -Dsurefire.failIfNoSpecifiedTests=false`.
class ManifestJsonFuzzTest {
  @FuzzTest
  void whatIsReadIsWrittenAndReadTheSame(byte[] input) throws Exception {
    try {
      Manifest manifest = ManifestJson.read(input);
      byte[] text = ManifestJson.write(manifest).getBytes(StandardCharsets.UTF_8);
      assertThat(ManifestJson.read(text)).isEqualTo(manifest);
      assertThat(Manifest.decode(manifest.encode())).isEqualTo(manifest);
    } catch (Manifest.MalformedException e) {
      assertThat(e).hasMessageStartingWith("malformed manifest: ");
    }
  }

  @FuzzTest
  void whatIsReadOfHistoryIsWrittenAndReadTheSame(byte[] input) throws Exception {
    try {
      HistoricManifest manifest = HistoricManifest.read(input);
      byte[] text = manifest.write().getBytes(StandardCharsets.UTF_8);
      assertThat(HistoricManifest.read(text)).isEqualTo(manifest);
    } catch (Manifest.MalformedException e) {
      assertThat(e).hasMessageStartingWith("malformed manifest: ");
    }
  }
}
