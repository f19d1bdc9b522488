package eris.cli;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.ReadCapability;
import eris.Reference;
import eris.store.BlockStore;
import eris.stores.ArchiveWriter;
import eris.stores.StoreCopy;
import eris.stores.StoreUrl;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `eris store export`.
@Command(
    name = "export",
    description = "Write all blocks of a store into one file, a CBOR block archive.",
    footer =
        "%nBlocks are verified, and the same blocks give the same file. A corrupt one is left out, "
            + "and told on standard error. A file named with -o appears whole or not at all.")
final class StoreExportCommand extends ErisCommand {
  private static final int BUFFER_BYTES = 1 << 16;

  @Parameters(paramLabel = "STORE_URL", description = "The store: local, or an archive.")
  String store = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write here; - is standard output, even if it is a terminal.")
  Optional<String> output = Optional.empty();

  @Option(
      names = "--with-capability",
      paramLabel = "URN|@FILE|-",
      description =
          "Also write this capability: whoever has the archive can read the content. Repeatable.")
  List<String> capabilities = new ArrayList<>();

  private long corrupt;

  @Override
  void run(Io io) throws Exception {
    List<ReadCapability> granted = new ArrayList<>();
    for (String text : capabilities) {
      granted.add(ReadCapability.parse(CapabilityText.resolve(text, io, common.quiet)));
    }
    StoreUrl url = StoreUrl.parse(store);
    try (BlockStore from = new Stores(io, common.quiet).openForReading(url);
        var progress = new Progress(io, common.quiet)) {
      var copy = new StoreCopy(Stores.inventory(from, url), from, listener(io, progress));
      if (output.isPresent() && !output.get().equals("-")) {
        try (OutputFile file = OutputFile.create(Path.of(output.get()))) {
          write(copy, granted, file.channel());
          file.commit();
        }
      } else {
        WritableByteChannel out = Channels.newChannel(io.out());
        boolean guarded = io.outIsTerminal() && output.isEmpty();
        write(copy, granted, guarded ? new TextOnlyChannel(out) : out);
      }
    }
    if (corrupt > 0) {
      throw new Failure(
          ExitCode.CORRUPT, "%d blocks are corrupt and were left out".formatted(corrupt));
    }
  }

  private static void write(
      StoreCopy copy, List<ReadCapability> capabilities, WritableByteChannel channel)
      throws IOException {
    var archive =
        new ArchiveWriter(
            new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES));
    copy.intoEmpty(archive::add);
    for (ReadCapability capability : capabilities) {
      archive.add(capability);
    }
    archive.finish();
  }

  private StoreCopy.Listener listener(Io io, Progress progress) {
    return new StoreCopy.Listener() {
      @Override
      public void copied(BlockSize size) {
        progress.advance(size.bytes());
      }

      @Override
      public void present(Reference reference) {
        throw new IllegalStateException("an archive holds nothing before it is written");
      }

      @Override
      public void corrupt(CorruptBlock block) {
        corrupt++;
        io.warn("corrupt %s: %s".formatted(block.reference(), block.detail()));
      }
    };
  }
}
