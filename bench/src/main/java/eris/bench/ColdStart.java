package eris.bench;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.codec.Encoder;
import java.io.IOException;

/// Encodes from memory to nowhere in a JVM that has just started, and then again: wall time in
/// seconds, cold and at its best.
final class ColdStart {
  private ColdStart() {}

  /// Arguments: MiB of content, repeats.
  public static void main(String[] args) throws IOException {
    long sizeBytes = Long.parseLong(args[0]) << 20;
    var content = new RepeatedContent();
    double cold = seconds(content, sizeBytes);
    double warm = Double.MAX_VALUE;
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      warm = Math.min(warm, seconds(content, sizeBytes));
    }
    Results.print("kernel", Encoder.kernelName());
    Results.print("cold", cold);
    Results.print("warm", warm);
  }

  private static double seconds(RepeatedContent content, long sizeBytes) throws IOException {
    long start = System.nanoTime();
    new Encoder(BlockSize.KIB_32, EndToEnd.NOWHERE)
        .encode(content.ofSize(sizeBytes), ConvergenceSecret.nullSecret());
    return (System.nanoTime() - start) / 1e9;
  }
}
