package eris.cli;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockStore;
import eris.stores.StoreUrl;
import eris.stores.Volumes;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `eris store stat`.
@Command(
    name = "stat",
    description = "Count the blocks of a store and tell what space it takes.",
    footer = "%nBlocks are counted, not verified: scrub does that.")
final class StoreStatCommand extends ErisCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "STORE_URL",
      description = "The store: local, or an archive. Default: the embedded store.")
  String store = "";

  @Override
  void run(Io io) throws Exception {
    var stores = new Stores(io, common.quiet);
    StoreUrl url = stores.parse(store);
    if (url instanceof StoreUrl.Volume volume) { // which keeps count
      VolumeReport.print(Volumes.stat(volume.place()), common.json, io);
      return;
    }
    Map<BlockSize, Long> counts = new EnumMap<>(BlockSize.class);
    try (BlockStore counted = stores.openForReading(url);
        var progress = new Progress(io, common.quiet)) {
      Stores.inventory(counted, url)
          .forEach(
              Reference.LEAST,
              (_, size) -> {
                counts.merge(size, 1L, Long::sum);
                progress.advance(size.bytes());
              });
    }
    OptionalLong space = Stores.spaceUsed(url);
    if (common.json) {
      io.println(json(counts, space));
    } else {
      print(counts, space, io);
    }
  }

  private static String json(Map<BlockSize, Long> counts, OptionalLong space) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("blocks1KiB", count(counts, BlockSize.KIB_1));
    fields.put("blocks32KiB", count(counts, BlockSize.KIB_32));
    fields.put("bytes", bytes(counts));
    space.ifPresent(bytes -> fields.put("spaceUsed", bytes));
    return Json.line(fields);
  }

  private static void print(Map<BlockSize, Long> counts, OptionalLong space, Io io)
      throws IOException {
    for (BlockSize size : BlockSize.values()) {
      long count = count(counts, size);
      io.println(
          "%-10s  %d blocks, %d bytes"
              .formatted(size.bytes() / 1024 + " KiB", count, count * size.bytes()));
    }
    long all = count(counts, BlockSize.KIB_1) + count(counts, BlockSize.KIB_32);
    io.println("together    %d blocks, %d bytes".formatted(all, bytes(counts)));
    if (space.isPresent()) {
      io.println("space used  %d bytes".formatted(space.getAsLong()));
    }
  }

  private static long count(Map<BlockSize, Long> counts, BlockSize size) {
    return counts.getOrDefault(size, 0L);
  }

  private static long bytes(Map<BlockSize, Long> counts) {
    return counts.entrySet().stream()
        .mapToLong(entry -> entry.getKey().bytes() * entry.getValue())
        .sum();
  }
}
