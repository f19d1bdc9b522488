package eris.cli;

import eris.BlockSize;
import eris.codec.Finding;
import eris.format.Manifest;
import eris.image.closure.ClosureVerifier;
import eris.image.closure.Fault;
import eris.store.BlockStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `eris image closure verify`.
@Command(
    name = "verify",
    description = "Read every object of a closure wholly and tell all that is wrong.",
    footer =
        "%nA block is named by its file, its number and first byte in the content, both counted from"
            + " 0, and its reference.")
final class ClosureVerifyCommand extends ErisCommand {
  @Parameters(paramLabel = ManifestText.LABEL, description = ManifestText.DESCRIPTION)
  String manifest = "";

  @Mixin StoreOptions storage = new StoreOptions();

  private long missing;
  private long wrong;

  @Override
  void run(Io io) throws Exception {
    Manifest listed = ManifestText.read(manifest, storage, common, io);
    long blocksRead;
    try (BlockStore store = new Stores(io, common.quiet).openForReading(storage.named(io));
        var progress = new Progress(io, common.quiet)) {
      blocksRead = ClosureVerifier.verify(listed, store, visitor(progress, io));
      store.sync(); // what a cache has taken
    }
    finish(listed.files().size(), blocksRead, io);
  }

  private ClosureVerifier.Visitor visitor(Progress progress, Io io) {
    return new ClosureVerifier.Visitor() {
      @Override
      public void block(BlockSize size) {
        progress.advance(size.bytes());
      }

      @Override
      public void fault(Fault fault) throws IOException {
        if (fault instanceof Fault.Block block && block.finding() instanceof Finding.Missing) {
          missing++;
        } else {
          wrong++;
        }
        io.println(common.json ? jsonOf(fault) : Printable.of(Fault.describe(fault)));
      }
    };
  }

  private static String jsonOf(Fault fault) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", fault.path());
    if (fault instanceof Fault.Block block) {
      fields.put("finding", block.finding().getClass().getSimpleName());
      fields.put("block", block.blockIndex());
      fields.put("offset", block.offsetBytes());
      fields.put("level", block.level());
      fields.put("reference", block.finding().reference().toString());
    }
    fields.put("text", Fault.describe(fault));
    return Json.line(fields);
  }

  private void finish(int files, long blocksRead, Io io) throws IOException, Failure {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("files", files);
    fields.put("blocksRead", blocksRead);
    fields.put("faults", missing + wrong);
    io.println(
        common.json
            ? Json.line(fields)
            : "%d files, %d blocks read, %d faults".formatted(files, blocksRead, missing + wrong));
    if (wrong > 0) {
      throw new Failure(
          ExitCode.CORRUPT, "%d faults, and %d blocks are missing".formatted(wrong, missing));
    }
    if (missing > 0) {
      throw new Failure(
          ExitCode.MISSING,
          "%d blocks are missing".formatted(missing),
          "name another store with --store");
    }
  }
}
