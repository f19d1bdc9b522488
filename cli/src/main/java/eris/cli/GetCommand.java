package eris.cli;

import eris.codec.Decoder;
import eris.kernel.BlockKernel;
import eris.store.BlockStore;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `eris get`.
@Command(
    name = "get",
    description = "Decode content, every byte verified.",
    footer = "%nA file named with -o appears whole or not at all.")
final class GetCommand extends ErisCommand {
  @Mixin ReadOptions reading = new ReadOptions();

  @Mixin ReadOptions.Legacy legacy = new ReadOptions.Legacy();

  @Mixin StoreOptions storage = new StoreOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write here; - is standard output, even if it is a terminal.")
  Optional<String> output = Optional.empty();

  @Option(
      names = {"-r", "--recursive"},
      description = "The content is a directory (ERIS-FS): make it at --output.")
  boolean recursive;

  @Option(
      names = "--range",
      paramLabel = "FROM-TO",
      description = "Only these bytes, counted from 0, the last one included.",
      converter = ByteRange.Converter.class)
  ByteRange range = ByteRange.ALL;

  @Option(
      names = "--max-size",
      paramLabel = "N",
      description = "Refuse content of more than N bytes, as in 64MiB, before the first.",
      converter = SizeConverter.class)
  long maxSize = Long.MAX_VALUE;

  @Override
  void run(Io io) throws Exception {
    ReadOptions.Content content = reading.content(legacy.allowed, io, common.quiet);
    try (BlockStore store = new Stores(io, common.quiet).openForReading(storage.named(io));
        Decoder decoder = content.open(store);
        var progress = new Progress(io, common.quiet)) {
      requireSize(decoder.size());
      if (recursive) {
        getDirectory(store, decoder, progress);
      } else {
        getContent(decoder, progress, io);
      }
      store.sync(); // what a cache has taken
    }
  }

  private void requireSize(long size) throws Failure {
    if (size > maxSize) {
      throw new Failure(
          ExitCode.REFUSED, "content is %d bytes, --max-size is %d".formatted(size, maxSize));
    }
  }

  private void getDirectory(BlockStore store, Decoder decoder, Progress progress)
      throws IOException, Failure {
    Path place =
        Path.of(
            output
                .filter(name -> !name.equals("-"))
                .orElseThrow(() -> new Failure(ExitCode.USAGE, "-r needs -o DIRECTORY")));
    new DirectoryDecoder(store, progress, maxSize).decode(decoder, place);
  }

  private void getContent(Decoder decoder, Progress progress, Io io) throws IOException, Failure {
    long size = decoder.size();
    if (range.from() > 0 && range.from() >= size) {
      throw new Failure(
          ExitCode.FAILED,
          "the range starts at %d, but content is %d bytes".formatted(range.from(), size));
    }
    long length = range.length(size);
    progress.expect(length);
    BlockKernel.expect(length);
    decoder.position(range.from());
    if (output.isPresent() && !output.get().equals("-")) {
      try (OutputFile file = OutputFile.create(Path.of(output.get()))) {
        Copy.exactly(decoder, length, file.channel(), progress);
        file.commit();
      }
    } else {
      WritableByteChannel out = Channels.newChannel(io.out());
      boolean guarded = io.outIsTerminal() && output.isEmpty();
      Copy.exactly(decoder, length, guarded ? new TextOnlyChannel(out) : out, progress);
    }
  }
}
