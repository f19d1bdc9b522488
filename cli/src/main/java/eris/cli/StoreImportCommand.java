package eris.cli;

import eris.ErisException.CorruptBlock;
import eris.ReadCapability;
import eris.Reference;
import eris.store.BlockStore;
import eris.stores.ArchiveReader;
import eris.stores.BulkWriter;
import eris.stores.StoreUrl;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `eris store import`.
@Command(
    name = "import",
    description = "Put the blocks of a CBOR block archive into a store.",
    footer =
        "%nPrints the capabilities that are in the archive, once all its blocks are durable. Corrupt "
            + "blocks are left out, and told on standard error. Of an archive that was cut short, what "
            + "is whole is imported before the command fails.")
final class StoreImportCommand extends ErisCommand {
  private static final int BUFFER_BYTES = 1 << 16;

  @Parameters(index = "0", paramLabel = "STORE_URL", description = "The store.")
  String store = "";

  @Parameters(index = "1", paramLabel = "FILE", description = "The archive; - is standard input.")
  String file = "";

  private final List<ReadCapability> capabilities = new ArrayList<>();
  private long blocks;
  private long corrupt;

  @Override
  void run(Io io) throws Exception {
    StoreUrl url = StoreUrl.parse(store);
    try (ContentFile archive = ContentFile.open(file, io);
        BlockStore to = new Stores(io, common.quiet).openForWriting(url);
        var progress = new Progress(io, common.quiet)) {
      archive.size().ifPresent(progress::expect);
      InputStream in = Channels.newInputStream(progress.counting(archive.channel()));
      var writer = new BulkWriter(to);
      try {
        ArchiveReader.read(new BufferedInputStream(in, BUFFER_BYTES), visitor(writer, io));
      } finally {
        writer.finish();
      }
    }
    print(io);
    if (corrupt > 0) {
      throw new Failure(
          ExitCode.CORRUPT, "%d blocks are corrupt and were left out".formatted(corrupt));
    }
  }

  private ArchiveReader.Visitor visitor(BulkWriter writer, Io io) {
    return new ArchiveReader.Visitor() {
      @Override
      public void block(Reference reference, MemorySegment block, long offsetBytes)
          throws IOException {
        writer.put(reference, block);
        blocks++;
      }

      @Override
      public void corrupt(CorruptBlock block) {
        corrupt++;
        io.warn("corrupt %s: %s".formatted(block.reference(), block.detail()));
      }

      @Override
      public void capability(ReadCapability capability) {
        capabilities.add(capability);
      }
    };
  }

  private void print(Io io) throws IOException {
    for (ReadCapability capability : capabilities) {
      String urn = capability.toUrn();
      io.println(common.json ? Json.line(Map.of("urn", urn)) : urn);
    }
    if (common.json) {
      io.println(Json.line(Map.of("blocks", blocks, "corrupt", corrupt)));
    }
  }
}
