package eris.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// To search: `JAZZER_FUZZ=1 mvn test -pl eris-core -Dtest=ManifestFuzzTest`.
class ManifestFuzzTest {
  @FuzzTest
  void whatIsReadKeepsTheRulesAndHasThisOneEncoding(byte[] input) {
    try {
      Manifest manifest = Manifest.decode(input);
      assertThat(manifest.encode()).isEqualTo(input);
      assertThat(manifest.files().keySet()).containsAll(manifest.roots());
      for (String path : manifest.files().keySet()) {
        assertThat(path.split("/", -1)).doesNotContain("", ".", "..");
        assertThat(manifest.files().keySet()).containsAll(manifest.closureOf(path));
      }
    } catch (Manifest.MalformedException e) {
      assertThat(e).hasMessageStartingWith("malformed manifest: ");
    }
  }
}
