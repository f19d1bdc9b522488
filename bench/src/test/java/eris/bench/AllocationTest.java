package eris.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eris.kernel.BlockKernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Vector code that HotSpot compiled badly is right, and allocates an object for each operation: a
/// hundred times slower, and nobody is told. What is compiled how varies from JVM to JVM, so each
/// case has several.
@Tag("wide")
class AllocationTest {
  private static final System.Logger LOG = System.getLogger("eris.bench");
  private static final int JVMS = 3;

  /// Once for a whole run: what the encoder makes at its start, divided by the blocks.
  private static final long MAX_BYTES_PER_BLOCK = 4;

  @ParameterizedTest
  @CsvSource({"512,1024", "512,32768", "256,1024", "256,32768"})
  void warmKernelsAllocateNothing(int vectorBits, int blockBytes)
      throws IOException, InterruptedException {
    assumeTrue(vectorBits <= widest(), "narrower vectors");
    for (int i = 0; i < JVMS; i++) {
      List<String> bytes = probe("vector" + vectorBits, blockBytes).lines().toList();
      LOG.log(
          System.Logger.Level.INFO,
          "vector{0}, {1} B blocks: {2} B per block in the kernel, {3} B in encoding to nowhere",
          vectorBits,
          blockBytes,
          bytes.getFirst(),
          bytes.getLast());
      assertThat(Long.parseLong(bytes.getFirst())).isZero();
      assertThat(Long.parseLong(bytes.getLast())).isLessThanOrEqualTo(MAX_BYTES_PER_BLOCK);
    }
  }

  /// The bits of this machine's vectors, as the kernel of a long run has them; 0 if it has none.
  private static int widest() {
    String name = BlockKernel.warm().name();
    return name.startsWith("vector") ? Integer.parseInt(name.substring("vector".length())) : 0;
  }

  private static String probe(String kernel, int blockBytes)
      throws IOException, InterruptedException {
    String classes = path(BlockKernel.class) + ":" + path(AllocationProbe.class);
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules=jdk.incubator.vector",
                    "-Deris.kernel=" + kernel,
                    "-cp",
                    classes,
                    AllocationProbe.class.getName(),
                    Integer.toString(blockBytes)))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }

  private static String path(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }
}
