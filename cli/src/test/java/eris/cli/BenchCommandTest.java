package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class BenchCommandTest {
  @TempDir Path home;

  @Test
  void everyWorkIsMeasuredAtBothBlockSizes() {
    List<JsonNode> lines =
        new Shell(home)
            .eris("bench", "--seconds", "1", "--json")
            .out()
            .lines()
            .map(line -> JsonMapper.shared().readTree(line))
            .toList();

    assertThat(lines.getFirst().get("kernel").asString()).isNotEmpty();
    for (String work : List.of("hash", "encode", "decode")) {
      for (int blockSize : List.of(1024, 32768)) {
        assertThat(lines)
            .filteredOn(line -> line.path("work").asString("").equals(work))
            .filteredOn(line -> line.get("blockSize").asInt() == blockSize)
            .isNotEmpty()
            .allMatch(line -> line.get("bytesPerSecond").asLong() > 0);
      }
    }
  }

  @Test
  void theTableNamesTheKernel() {
    Shell.Outcome outcome = new Shell(home).eris("bench", "--seconds", "1");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).startsWith("kernel ").contains("java ", "scalar");
  }

  @Test
  void noTimeIsWrongUsage() {
    assertThat(new Shell(home).eris("bench", "--seconds", "0").exitCode()).isEqualTo(2);
  }
}
