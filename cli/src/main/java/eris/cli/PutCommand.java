package eris.cli;

import eris.store.BlockStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `eris put`.
@Command(
    name = "put",
    description = "Encode content, store its blocks, print its capability.",
    footer = {
      "%nThe URN is printed once every block is durable. Whoever has it can read the content.",
    })
final class PutCommand extends ErisCommand {
  @Mixin EncodeOptions encoding = new EncodeOptions();

  @Mixin StoreOptions storage = new StoreOptions();

  @Override
  void run(Io io) throws Exception {
    try (BlockStore store = new Stores(io, common.quiet).openForWriting(storage.named(io));
        var progress = new Progress(io, common.quiet);
        var report = new EncodingReport(io, common.json, store::sync)) {
      new EncodeAll(encoding, io).into(store, progress, report);
    }
  }
}
