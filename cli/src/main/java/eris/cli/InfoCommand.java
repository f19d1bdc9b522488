package eris.cli;

import eris.BlockSize;
import eris.Dialect;
import eris.DraftCapability;
import eris.ErisException;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Decoder;
import eris.codec.SizeBounds;
import eris.store.BlockStore;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `eris info`.
@Command(
    name = "info",
    description = "Tell what a capability says, without its key.",
    footer = "%nWith --store, also the exact size, from the blocks of the tree's right edge.")
final class InfoCommand extends ErisCommand {
  @Mixin ReadOptions reading;

  @Mixin ReadOptions.Legacy legacy;

  @Mixin StoreOptions storage;

  @Override
  void run(Io io) throws Exception {
    ReadOptions.Content content = reading.content(legacy.allowed, io, common.quiet);
    Map<String, Object> facts =
        switch (content) {
          case ReadOptions.Content.Current(ReadCapability c) ->
              facts(c.blockSize(), c.level(), c.root().reference());
          case ReadOptions.Content.Draft(DraftCapability c) ->
              facts(c.blockSize(), c.level(), c.root().reference());
        };
    facts.put("dialect", dialects(content));
    if (!storage.urls.isEmpty()) {
      addFromStore(content, facts, io);
    }
    print(facts, io);
  }

  private static Map<String, Object> facts(BlockSize blockSize, int level, Reference root)
      throws ErisException.MalformedTree {
    SizeBounds bounds = SizeBounds.of(blockSize, level);
    Map<String, Object> facts = Json.fieldsOf(blockSize, level, root);
    facts.put("minSize", bounds.minBytes());
    facts.put("maxSize", bounds.maxBytes());
    return facts;
  }

  private static String dialects(ReadOptions.Content content) {
    return switch (content) {
      case ReadOptions.Content.Current _ -> Dialect.V1_0_0.version();
      case ReadOptions.Content.Draft(DraftCapability c) ->
          c.candidates().stream().map(Dialect::version).collect(Collectors.joining(" or "));
    };
  }

  private void addFromStore(ReadOptions.Content content, Map<String, Object> facts, Io io)
      throws Exception {
    try (BlockStore store = new Stores(io, common.quiet).openForReading(storage.named(io));
        Decoder decoder = content.open(store)) {
      facts.put("size", decoder.size());
      facts.put("dialect", decoder.dialect().version());
      facts.put("rootKeyVerified", decoder.rootKeyVerified());
    }
  }

  private void print(Map<String, Object> facts, Io io) throws IOException {
    if (common.json) {
      io.println(Json.line(facts));
      return;
    }
    io.println("block size  " + Bytes.format((int) facts.get("blockSize")));
    io.println("level       " + facts.get("level"));
    io.println("reference   " + facts.get("reference"));
    io.println("handle      " + facts.get("handle"));
    io.println("dialect     " + facts.get("dialect"));
    Object size = facts.get("size");
    io.println(
        size == null
            ? "content     %d to %d bytes".formatted(facts.get("minSize"), facts.get("maxSize"))
            : "content     %d bytes".formatted(size));
    if (size != null) {
      io.println("root key    " + (rootKeyVerified(facts) ? "verified" : "cannot be checked"));
    }
  }

  private static boolean rootKeyVerified(Map<String, Object> facts) {
    return Boolean.TRUE.equals(facts.get("rootKeyVerified"));
  }
}
