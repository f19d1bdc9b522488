package eris.cli;

import eris.Dialect;
import eris.Handle;
import eris.codec.Decoder;
import eris.codec.SizeBounds;
import eris.store.BlockStore;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `eris info`.
@Command(
    name = "info",
    description = "Tell what a capability says, without its key.",
    footer = "%nWith --store, also the exact size, from the blocks of the tree's right edge.")
final class InfoCommand extends ErisCommand {
  @Mixin ReadOptions reading = new ReadOptions();

  @Mixin ReadOptions.Legacy legacy = new ReadOptions.Legacy();

  @Mixin StoreOptions storage = new StoreOptions();

  /// What only the blocks tell.
  private record FromStore(long size, Dialect dialect, boolean rootKeyVerified) {}

  @Override
  void run(Io io) throws Exception {
    ReadOptions.Content content = reading.content(legacy.allowed, io, common.quiet);
    SizeBounds bounds = SizeBounds.of(content.blockSize(), content.level());
    Optional<FromStore> stored =
        storage.urls.isEmpty() ? Optional.empty() : Optional.of(look(content, io));
    if (common.json) {
      io.println(json(content, bounds, stored));
    } else {
      print(content, bounds, stored, io);
    }
  }

  private FromStore look(ReadOptions.Content content, Io io) throws Exception {
    try (BlockStore store = new Stores(io, common.quiet).openForReading(storage.named(io));
        Decoder decoder = content.open(store)) {
      return new FromStore(decoder.size(), decoder.dialect(), decoder.rootKeyVerified());
    }
  }

  private static String json(
      ReadOptions.Content content, SizeBounds bounds, Optional<FromStore> stored) {
    Map<String, Object> fields =
        Json.fieldsOf(content.blockSize(), content.level(), content.root());
    fields.put("dialect", dialect(content, stored));
    fields.put("minSize", bounds.minBytes());
    fields.put("maxSize", bounds.maxBytes());
    stored.ifPresent(
        facts -> {
          fields.put("size", facts.size());
          fields.put("rootKeyVerified", facts.rootKeyVerified());
        });
    return Json.line(fields);
  }

  private static void print(
      ReadOptions.Content content, SizeBounds bounds, Optional<FromStore> stored, Io io)
      throws IOException {
    io.println("block size  " + content.blockSize().bytes() / 1024 + " KiB");
    io.println("level       " + content.level());
    io.println("reference   " + content.root());
    io.println("handle      " + new Handle(content.root()));
    io.println("dialect     " + dialect(content, stored));
    if (stored.isEmpty()) {
      io.println("content     %d to %d bytes".formatted(bounds.minBytes(), bounds.maxBytes()));
    } else {
      io.println("content     %d bytes".formatted(stored.get().size()));
      io.println("root key    " + (stored.get().rootKeyVerified() ? "verified" : "not verifiable"));
    }
  }

  private static String dialect(ReadOptions.Content content, Optional<FromStore> stored) {
    return stored
        .map(facts -> facts.dialect().version())
        .orElseGet(
            () ->
                content.dialects().stream()
                    .map(Dialect::version)
                    .collect(Collectors.joining(" or ")));
  }
}
