package eris.bench;

import eris.kernel.BlockKernel;
import eris.kernel.ScalarKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All that this machine can compare, by name.
final class Pipelines {
  static final String BOUNCY_CASTLE = "bouncycastle by hand";
  static final String LIBSODIUM = "libsodium";
  static final String CEILING = "C avx512_2";
  static final String CEILING_ONE_STATE = "C avx512_1";

  private Pipelines() {}

  /// The kernels to measure; the first is the one that encoder and decoder use in a long run.
  static List<BlockKernel> kernels() {
    Map<String, BlockKernel> byName = new LinkedHashMap<>();
    for (BlockKernel kernel : List.of(BlockKernel.warm(), ScalarKernel.INSTANCE)) {
      byName.putIfAbsent(kernel.name(), kernel);
    }
    return List.copyOf(byName.values());
  }

  /// New pipelines, for one thread.
  static List<Pipeline> all() {
    List<Pipeline> pipelines = new ArrayList<>();
    kernels().forEach(kernel -> pipelines.add(new KernelPipeline(kernel)));
    var bouncyCastle = new BouncyCastle();
    pipelines.add(new SingleStream(BOUNCY_CASTLE, bouncyCastle, bouncyCastle));
    Libsodium.find()
        .ifPresent(sodium -> pipelines.add(new SingleStream(LIBSODIUM, sodium, sodium)));
    Path ceiling = Path.of(System.getProperty("eris.ceiling", "bench/native/target/libceiling.so"));
    if (Files.isRegularFile(ceiling)) {
      Native library = Native.at(ceiling.toAbsolutePath());
      for (String prefix : List.of("sodium", "avx2_1", "avx512_1", "avx512_2")) {
        pipelines.add(new Ceiling(prefix, library));
      }
    }
    return pipelines;
  }

  /// How [#all] names the pipeline of encoder and decoder.
  static String ours() {
    return new KernelPipeline(kernels().getFirst()).name();
  }
}
