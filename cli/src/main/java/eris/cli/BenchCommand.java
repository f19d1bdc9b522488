package eris.cli;

import eris.BlockSize;
import eris.cli.SpeedTest.Contender;
import eris.cli.SpeedTest.Work;
import eris.kernel.BlockKernel;
import eris.kernel.ScalarKernel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `eris bench`.
@Command(
    name = "bench",
    description = "Measure how fast this machine encodes and decodes.",
    footer = {
      "%nMB (10^6 bytes of content) per second, warm, blocks in the cache and no store: one core by",
      "its CPU time, several by the clock. x: times as fast as one block after the other."
    })
final class BenchCommand extends ErisCommand {
  private static final BlockKernel PLAIN = ScalarKernel.INSTANCE;
  private static final List<Work> ON_ALL_CORES = List.of(Work.ENCODE, Work.DECODE);
  private static final int MAX_SECONDS = 3600;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "20",
      description = "How long to measure, about; default 20.")
  int seconds;

  @Override
  void run(Io io) throws Exception {
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw new Failure(ExitCode.USAGE, "%d seconds, want 1 to %d".formatted(seconds, MAX_SECONDS));
    }
    BlockKernel ours = BlockKernel.warm();
    int cores = Runtime.getRuntime().availableProcessors();
    int measurements = (Work.values().length + ON_ALL_CORES.size()) * BlockSize.values().length;
    var test = new SpeedTest(io.nanoTime(), seconds * 1_000_000_000L / measurements);
    printHead(ours, cores, io);
    for (Work work : Work.values()) {
      printOneCore(ours, work, test, io);
    }
    for (Work work : ON_ALL_CORES) {
      Map<BlockSize, Double> rates = new EnumMap<>(BlockSize.class);
      for (BlockSize blockSize : BlockSize.values()) {
        rates.put(blockSize, test.onAllCores(ours, work, blockSize, cores));
      }
      print(work, ours.name(), cores, rates, Map.of(), io);
    }
  }

  private void printOneCore(BlockKernel ours, Work work, SpeedTest test, Io io) throws IOException {
    Map<String, Map<BlockSize, Double>> rates = new LinkedHashMap<>();
    for (BlockSize blockSize : BlockSize.values()) {
      test.onOneCore(contenders(ours, work, new SpeedTest.Blocks(blockSize)))
          .forEach(
              (name, rate) ->
                  rates
                      .computeIfAbsent(name, _ -> new EnumMap<>(BlockSize.class))
                      .put(blockSize, rate));
    }
    Map<BlockSize, Double> plain = rates.getOrDefault(PLAIN.name(), Map.of());
    for (Map.Entry<String, Map<BlockSize, Double>> line : rates.entrySet()) {
      print(work, line.getKey(), 1, line.getValue(), plain, io);
    }
  }

  private static List<Contender> contenders(BlockKernel ours, Work work, SpeedTest.Blocks blocks) {
    List<Contender> contenders = new ArrayList<>();
    if (!ours.equals(PLAIN)) {
      contenders.add(blocks.contender(ours, work));
    }
    contenders.add(blocks.contender(PLAIN, work));
    return contenders;
  }

  private void printHead(BlockKernel ours, int cores, Io io) throws IOException {
    String java = Runtime.version().toString();
    if (common.json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("kernel", ours.name());
      fields.put("java", java);
      fields.put("cores", cores);
      io.println(Json.line(fields));
    } else {
      io.println("kernel %s, java %s, MB/s".formatted(ours.name(), java));
      io.println("%-10s %-13s %5s %9s %15s".formatted("", "", "cores", "1 KiB", "32 KiB"));
    }
  }

  /// @param plain what the rates are multiples of; may be empty
  private void print(
      Work work,
      String name,
      int cores,
      Map<BlockSize, Double> rates,
      Map<BlockSize, Double> plain,
      Io io)
      throws IOException {
    String what = work.name().toLowerCase(Locale.ROOT);
    var text = new StringBuilder("%-10s %-13s %5d".formatted(what, name, cores));
    for (BlockSize blockSize : BlockSize.values()) {
      double rate = rates.getOrDefault(blockSize, 0.0);
      double times = rate / plain.getOrDefault(blockSize, Double.NaN);
      if (common.json) {
        io.println(json(what, name, cores, blockSize, rate, times));
      }
      String multiple = Double.isNaN(times) ? "" : String.format(Locale.ROOT, "%.1fx", times);
      text.append(String.format(Locale.ROOT, "%10.0f %-5s", rate, multiple));
    }
    if (!common.json) {
      io.println(text.toString().stripTrailing());
    }
  }

  private static String json(
      String work, String name, int cores, BlockSize blockSize, double rate, double times) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("work", work);
    fields.put("by", name);
    fields.put("cores", cores);
    fields.put("blockSize", blockSize.bytes());
    fields.put("bytesPerSecond", Math.round(rate * 1e6));
    if (!Double.isNaN(times)) {
      fields.put("timesScalar", Math.round(times * 100) / 100.0);
    }
    return Json.line(fields);
  }
}
