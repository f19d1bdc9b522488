package eris.bench;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.codec.Encoder;
import eris.kernel.BlockKernel;
import java.io.IOException;

/// Encodes from memory to nowhere in a JVM that has just started, and then again: wall time in
/// seconds, cold and at its best. As in `eris put` of a file, it is known how much is to come.
final class ColdStart {
  private ColdStart() {}

  private static final int BATCH_BLOCKS = 8;

  /// Arguments: MiB of content, workers, repeats.
  public static void main(String[] args) throws IOException {
    long sizeBytes = Long.parseLong(args[0]) << 20;
    int workers = Integer.parseInt(args[1]);
    var content = new RepeatedContent();
    BlockKernel.expect(sizeBytes);
    double cold = seconds(content, sizeBytes, workers);
    double warm = Double.MAX_VALUE;
    for (int i = 0; i < Integer.parseInt(args[2]); i++) {
      warm = Math.min(warm, seconds(content, sizeBytes, workers));
    }
    Results.print("kernel", Encoder.kernelName());
    Results.print("cold", cold);
    Results.print("warm", warm);
  }

  private static double seconds(RepeatedContent content, long sizeBytes, int workers)
      throws IOException {
    long start = System.nanoTime();
    new Encoder(BlockSize.KIB_32, EndToEnd.NOWHERE, workers, BATCH_BLOCKS)
        .encode(content.ofSize(sizeBytes), ConvergenceSecret.nullSecret());
    return (System.nanoTime() - start) / 1e9;
  }
}
