package eris.cli;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockStore;
import eris.stores.StoreCopy;
import eris.stores.StoreUrl;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `eris store copy`.
@Command(
    name = "copy",
    description = "Copy all blocks of a store that another does not hold.",
    footer =
        "%nBoth may be in use. Every block is verified; a corrupt one is told and left out. After an "
            + "interruption, the same command goes on.")
final class StoreCopyCommand extends ErisCommand {
  @Parameters(index = "0", paramLabel = "FROM", description = "A local store, or an archive.")
  String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "Any store that takes blocks.")
  String to = "";

  private long copied;
  private long present;

  @Override
  void run(Io io) throws Exception {
    StoreUrl source = StoreUrl.parse(from);
    StoreUrl target = StoreUrl.parse(to);
    var stores = new Stores(io, common.quiet);
    var report = new CorruptReport(io, common.json);
    try (BlockStore reading = stores.openForReading(source);
        BlockStore writing = stores.openForWriting(target);
        var progress = new Progress(io, common.quiet)) {
      new StoreCopy(Stores.inventory(reading, source), reading, listener(report, progress))
          .into(writing);
    }
    print(io, report.left());
    report.requireNone("%d blocks are corrupt and were left out");
  }

  private StoreCopy.Listener listener(CorruptReport report, Progress progress) {
    return new StoreCopy.Listener() {
      @Override
      public void copied(BlockSize size) {
        copied++;
        progress.advance(size.bytes());
      }

      @Override
      public void present(Reference reference) {
        present++;
      }

      @Override
      public void corrupt(CorruptBlock corrupt) throws IOException {
        report.add(corrupt);
      }
    };
  }

  private void print(Io io, long corrupt) throws IOException {
    if (common.json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("copied", copied);
      fields.put("present", present);
      fields.put("corrupt", corrupt);
      io.println(Json.line(fields));
    } else {
      io.println(
          "%d blocks copied, %d were there, %d are corrupt".formatted(copied, present, corrupt));
    }
  }
}
