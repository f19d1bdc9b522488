package eris.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Measures what the project promises of its codec and writes `<date>-codec.md` and `.svg`.
///
/// Each part runs in a JVM of its own, with its own options; what is compared with each other is
/// measured in one JVM, in turns, but for cold starts.
public final class Ratios {
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  /// How the launcher starts a JVM, so that it can load the vector module and compile its users soon.
  private static final List<String> LAUNCHER_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UnlockExperimentalVMOptions",
          "-XX:+EnableVectorSupport",
          "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED",
          "--add-exports=java.base/jdk.internal.vm.vector=ALL-UNNAMED",
          "-XX:CompileCommand=quiet",
          "-XX:CompileCommand=CompileThresholdScaling,eris.kernel.Blake2bLanes::*,0.002",
          "-XX:CompileCommand=CompileThresholdScaling,eris.kernel.ChaCha20Lanes::keystream,0.002",
          "-XX:CompileCommand=CompileThresholdScaling,eris.kernel.ChaCha20Lanes::xor,0.02",
          "-XX:CompileCommand=CompileThresholdScaling,eris.kernel.Transposition::*,0.02",
          "-XX:CompileCommand=BackgroundCompilation,eris.kernel.Blake2bLanes::*,false",
          "-XX:CompileCommand=BackgroundCompilation,eris.kernel.ChaCha20Lanes::*,false",
          "-XX:CompileCommand=BackgroundCompilation,eris.kernel.Transposition::*,false");

  private static final String NO_CEILING = "-Deris.ceiling=";

  private final boolean quick;

  private Ratios(boolean quick) {
    this.quick = quick;
  }

  /// Arguments: the directory of results, the commit, and `--quick` for a short run, which measures
  /// no cold start of 1 GiB.
  public static void main(String[] args) throws Exception {
    var ratios = new Ratios(args.length > 2 && args[2].equals("--quick"));
    Path directory = Path.of(args[0]);
    var report = new Report(args[1]);
    ratios.measureInto(report);
    String name = LocalDate.now(ZoneOffset.UTC) + "-codec";
    Files.writeString(directory.resolve(name + ".md"), report.toMarkdown(name + ".svg"));
    Files.writeString(directory.resolve(name + ".svg"), report.toSvg());
    System.out.println(directory.resolve(name + ".md"));
  }

  private void measureInto(Report report) throws IOException, InterruptedException {
    Results wide = throughput("warm, one core", report, List.of(VECTORS));
    Results avx2 =
        throughput("with -XX:UseAVX=2", report, List.of(VECTORS, NO_CEILING, "-XX:UseAVX=2"));
    Results plain = throughput("without the vector module", report, List.of(NO_CEILING));
    String[] endToEndArguments = quick ? new String[] {"3", "300"} : new String[] {"7", "2000"};
    Results endToEnd = run(EndToEnd.class, List.of(VECTORS), Map.of(), endToEndArguments);
    report.addDetails("encoder and decoder", endToEnd);

    // The promise is from a time when the ceiling had one state at once, as our kernel has.
    addPair(report, wide, "C, one state", Pipelines.CEILING_ONE_STATE, 0.85, 0.95, 0.82, 0.92);
    for (String direction : List.of("encode", "decode")) {
      double ratio = ratio(wide, direction, 32768, Pipelines.CEILING);
      report.add(
          Row.forInformation(direction + " / C, two states side by side: the ceiling", ratio));
    }
    addPair(report, wide, "libsodium", Pipelines.LIBSODIUM, 3.0, 3.5, 2.7, 3.1);
    addPair(report, wide, "Bouncy Castle", Pipelines.BOUNCY_CASTLE, 11, 11, 10, 10);
    addPair(report, avx2, "libsodium, AVX2 only", Pipelines.LIBSODIUM, 1.5, 2.0, 1.4, 1.8);
    addPair(report, plain, "libsodium, no vector module", Pipelines.LIBSODIUM, 0.5, 0.6, 0.55, 0.6);
    addColdStarts(report);
    addEndToEnd(report, wide, endToEnd);
  }

  private Results throughput(String title, Report report, List<String> options)
      throws IOException, InterruptedException {
    String[] arguments = quick ? new String[] {"3", "300"} : new String[] {"21", "1500"};
    Results results = run(Throughput.class, options, Map.of(), arguments);
    report.addDetails(title, results);
    return results;
  }

  private static void addPair(
      Report report,
      Results results,
      String peer,
      String pipeline,
      double encodeMust,
      double encodeAim,
      double decodeMust,
      double decodeAim) {
    double encode = ratio(results, "encode", 32768, pipeline);
    double decode = ratio(results, "decode", 32768, pipeline);
    report.add(Row.atLeast("encode / " + peer, encodeMust, encodeAim, encode));
    report.add(Row.atLeast("decode / " + peer, decodeMust, decodeAim, decode));
  }

  private static double ratio(Results results, String direction, int blockBytes, String pipeline) {
    String ours = results.text("kernel");
    return results.best(Throughput.label(direction, blockBytes, ours))
        / results.best(Throughput.label(direction, blockBytes, pipeline));
  }

  private void addColdStarts(Report report) throws IOException, InterruptedException {
    double ours = Double.MAX_VALUE;
    double scalar = Double.MAX_VALUE;
    boolean differ = false;
    for (int i = 0; i < (quick ? 3 : 5); i++) {
      Results ofOurs = coldStart(Map.of(), "16", "1", "0");
      Results ofScalar = coldStart(Map.of("ERIS_KERNEL", "scalar"), "16", "1", "0");
      differ = !ofOurs.text("kernel").equals(ofScalar.text("kernel"));
      ours = Math.min(ours, ofOurs.number("cold"));
      scalar = Math.min(scalar, ofScalar.number("cold"));
    }
    report.note(
        "cold JVM, 16 MiB encode: %.0f ms; with ERIS_KERNEL=scalar %.0f ms"
            .formatted(ours * 1e3, scalar * 1e3));
    report.add(
        Row.atMost(
            "cold JVM, 16 MiB encode: time / the scalar kernel's",
            1.1,
            1.0,
            differ ? ours / scalar : Double.NaN));
    for (int workers = 1; workers <= 2; workers++) {
      double large = quick ? Double.NaN : coldToWarm(report, workers);
      String what = "cold JVM, 1 GiB encode by %d: time / warm".formatted(workers);
      report.add(Row.atMost(what, 1.15, 1.0, large));
    }
  }

  private static double coldToWarm(Report report, int workers)
      throws IOException, InterruptedException {
    double cold = Double.MAX_VALUE;
    double warm = Double.MAX_VALUE;
    for (int i = 0; i < 2; i++) {
      Results results = coldStart(Map.of(), "1024", Integer.toString(workers), "2");
      cold = Math.min(cold, results.number("cold"));
      warm = Math.min(warm, results.number("warm"));
    }
    report.note(
        "cold JVM, 1 GiB encode by %d: %.0f ms; warm %.0f ms"
            .formatted(workers, cold * 1e3, warm * 1e3));
    return cold / warm;
  }

  private static Results coldStart(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return run(ColdStart.class, LAUNCHER_OPTIONS, environment, arguments);
  }

  private static void addEndToEnd(Report report, Results wide, Results endToEnd) {
    double cores =
        endToEnd.best(EndToEnd.ENCODE_TWO_CORES) / endToEnd.best(EndToEnd.ENCODE_ONE_CORE);
    report.add(Row.atLeast("encode: two cores / one", 1.7, 1.95, cores));
    addAllocation(report, "kernel", 0.5, 0.5, allocatedByKernel(wide));
    addAllocation(
        report, "encode to nowhere", 0.5, 0.5, endToEnd.number(EndToEnd.ALLOCATED_TO_NOWHERE));
    addAllocation(
        report,
        "encode to a memory store, beyond the copy it keeps",
        1024,
        64,
        endToEnd.number(EndToEnd.ALLOCATED_TO_STORE));
    addAllocation(
        report,
        "decode from a memory store",
        1024,
        64,
        endToEnd.number(EndToEnd.ALLOCATED_FROM_STORE));
    double random = endToEnd.best(EndToEnd.RANDOM) / endToEnd.best(EndToEnd.LONE_BLOCKS);
    report.add(Row.atLeast("random reads of one leaf / lone blocks", 0.8, 0.8, random));
    double outstanding = endToEnd.best(EndToEnd.OUTSTANDING) / endToEnd.best(EndToEnd.SEQUENTIAL);
    report.add(
        Row.atLeast("the same, 16 outstanding / sequential decode", Double.NaN, 0.8, outstanding));
  }

  private static void addAllocation(
      Report report, String what, double must, double aim, double bytes) {
    report.add(Row.atMost("bytes allocated per block: " + what, must, aim, bytes));
  }

  /// The most of both directions and block sizes.
  private static double allocatedByKernel(Results results) {
    double most = 0;
    for (String direction : List.of("encode", "decode")) {
      for (int blockBytes : new int[] {1024, 32768}) {
        String label = Throughput.label(direction, blockBytes, results.text("kernel"));
        most = Math.max(most, results.number(Throughput.allocationOf(label)));
      }
    }
    return most;
  }

  /// Runs a class of this program in a JVM of its own.
  private static Results run(
      Class<?> main, List<String> options, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(main.getSimpleName() + " failed");
    }
    return Results.parse(output);
  }
}
