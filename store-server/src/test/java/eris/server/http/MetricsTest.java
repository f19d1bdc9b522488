package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eris.server.blocks.Protocol;
import eris.server.blocks.RequestCounts.Method;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What `/metrics` tells.
final class MetricsTest extends HttpDoorFixture {
  private static final Path PROMTOOL = Path.of("/usr/bin/promtool");

  private String metrics() throws IOException {
    return ask("GET /metrics" + HOST + "\r\n").text();
  }

  @Test
  void eachRequestIsCountedOnceByMethodStatusAndDuration() throws Exception {
    ask(get(small)); // from the store
    ask(get(small)); // before it is decoded
    ask("GET /uri-res/N2R?urn:blake2b:" + "A".repeat(52) + HOST + "\r\n");
    put("urn:blake2b:", bytes(large.bytes()));
    ask("BREW /pot" + HOST + "\r\n");

    assertThat(metrics())
        .contains("eris_requests_total{door=\"http\",method=\"GET\",status=\"2xx\"} 2\n")
        .contains("eris_requests_total{door=\"http\",method=\"GET\",status=\"4xx\"} 1\n")
        .contains("eris_requests_total{door=\"http\",method=\"PUT\",status=\"2xx\"} 1\n")
        .contains("eris_requests_total{door=\"http\",method=\"OTHER\",status=\"4xx\"} 1\n")
        .contains("eris_request_seconds_count{door=\"http\",method=\"GET\"} 3\n")
        .contains("eris_request_seconds_bucket{door=\"http\",method=\"GET\",le=\"+Inf\"} 3\n")
        .contains("eris_received_bytes_total{door=\"http\"} 32768\n")
        .contains("eris_http_connections 1\n")
        .contains("eris_build_info{version=")
        .containsPattern("eris_sent_bytes_total\\{door=\"http\"\\} 21\\d\\d\n")
        .containsPattern("jvm_memory_used_bytes\\{area=\"heap\"\\} \\d{6,}\n")
        .containsPattern("process_cpu_seconds_total \\d+\\.\\d+\n");
  }

  @Test
  void durationsFallIntoTheBucketOfTheirBound() {
    var counts = blocks.counts().requests(Protocol.HTTP);
    counts.answered(Method.POST, 2, 25_000);
    counts.answered(Method.POST, 2, 25_001);
    counts.answered(Method.POST, 5, 11_000_000_000L);
    assertThat(counts.buckets(Method.POST).limit(2)).containsExactly(1L, 1L);
    assertThat(counts.buckets(Method.POST).skip(16)).containsExactly(1L);
    assertThat(counts.count(Method.POST)).isEqualTo(3);
    assertThat(counts.count(Method.POST, 5)).isEqualTo(1);
    assertThat(counts.totalNanos(Method.POST)).isEqualTo(11_000_050_001L);
  }

  /// Whatever was asked over every protocol: few series, and Prometheus' own tool finds no fault.
  @Test
  @Tag("wide")
  void prometheusHasNothingToSayAgainstThem() throws Exception {
    for (Protocol protocol : Protocol.values()) {
      var methods =
          protocol == Protocol.HTTP
              ? EnumSet.allOf(Method.class)
              : EnumSet.of(Method.GET, Method.PUT, Method.OTHER);
      for (Method method : methods) {
        for (int digit = 1; digit <= 5; digit++) {
          blocks.counts().requests(protocol).answered(method, digit, 1_000_000);
        }
      }
    }
    String text = metrics();
    long series = text.lines().filter(line -> !line.startsWith("#")).count();
    assertThat(series).isBetween(100L, 500L);
    assumeTrue(Files.isExecutable(PROMTOOL), "promtool: apt-get install prometheus");
    assertThat(promtool(text, "check", "metrics")).isEmpty();
  }

  /// What it says, if it is not content.
  private static String promtool(String in, String... arguments) throws Exception {
    Path input = Files.createTempFile("eris", ".metrics");
    try {
      Files.writeString(input, in);
      var command = new java.util.ArrayList<>(List.of(PROMTOOL.toString()));
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(input.toFile())
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exitCode = process.waitFor();
      return exitCode == 0 ? "" : String.format(Locale.ROOT, "exit %d: %s", exitCode, said);
    } finally {
      Files.delete(input);
    }
  }
}
