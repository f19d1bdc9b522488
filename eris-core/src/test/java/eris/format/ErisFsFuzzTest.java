package eris.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// To search: `JAZZER_FUZZ=1 mvn test -pl eris-core -Dtest=ErisFsFuzzTest`.
class ErisFsFuzzTest {
  @FuzzTest
  void whatIsReadIsSafeAndHasThisOneEncoding(byte[] input) {
    try {
      ErisFs tree = ErisFs.decode(input);
      assertThat(tree.encode()).isEqualTo(input);
      for (ErisFs.Path path : tree.entries().keySet()) {
        assertThat(path.names()).isNotEmpty().doesNotContain("", ".", "..");
        assertThat(path.names()).noneMatch(name -> name.contains("/") || name.contains("\0"));
      }
    } catch (ErisFs.MalformedException e) {
      assertThat(e).hasMessageStartingWith("malformed ERIS-FS: ");
    }
  }
}
