package eris.cli;

import eris.format.Manifest;
import eris.image.closure.ClosureDiff;
import eris.image.closure.ClosureDiff.Change;
import eris.image.closure.ClosureDiff.Kind;
import eris.store.BlockStore;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `eris image closure diff`.
@Command(
    name = "diff",
    description = "Tell what changes from one closure to another, and how much there is to get.",
    footer =
        "%nBlocks are counted as if no two were equal; with --store, by looking at both closures"
            + " there.")
final class ClosureDiffCommand extends ErisCommand {
  @Parameters(index = "0", paramLabel = "BEFORE", description = ManifestText.DESCRIPTION)
  String before = "";

  @Parameters(index = "1", paramLabel = "AFTER", description = "The same.")
  String after = "";

  @Mixin StoreOptions storage = new StoreOptions();

  @Override
  void run(Io io) throws Exception {
    if (before.equals("-") && after.equals("-")) {
      throw new Failure(ExitCode.USAGE, "standard input is one manifest, not both");
    }
    Manifest old = ManifestText.read(before, storage, common, io);
    Manifest now = ManifestText.read(after, storage, common, io);
    ClosureDiff diff = ClosureDiff.between(old, now);
    OptionalLong blocks =
        storage.urls.isEmpty() ? OptionalLong.empty() : OptionalLong.of(blocks(diff, old, io));
    for (Change change : diff.changes()) {
      io.println(common.json ? jsonOf(change) : lineOf(change));
    }
    io.println(
        common.json ? jsonOf(diff, old, now, blocks) : lineOf(diff, names(old, now), blocks));
  }

  private long blocks(ClosureDiff diff, Manifest old, Io io) throws Exception {
    try (BlockStore store = new Stores(io, common.quiet).openForReading(storage.named(io))) {
      return diff.missingBlocks(old, store);
    }
  }

  private static String lineOf(Change change) {
    String sizes =
        switch (change.kind()) {
          case NEW -> "%d bytes".formatted(change.after().orElseThrow().size());
          case GONE -> "%d bytes".formatted(change.before().orElseThrow().size());
          case CHANGED ->
              "%d to %d bytes"
                  .formatted(
                      change.before().orElseThrow().size(), change.after().orElseThrow().size());
          case ROUTED -> "the same content";
        };
    return "%-8s%s (%s)".formatted(nameOf(change.kind()), Printable.of(change.path()), sizes);
  }

  private static String lineOf(ClosureDiff diff, String names, OptionalLong blocks) {
    return "names %s: %d changed, %d new, %d gone, %d routed; to get: %d objects, %d bytes, %s%d blocks"
        .formatted(
            names,
            diff.count(Kind.CHANGED),
            diff.count(Kind.NEW),
            diff.count(Kind.GONE),
            diff.count(Kind.ROUTED),
            diff.missing().size(),
            diff.missingBytes(),
            blocks.isPresent() ? "" : "at most ",
            blocks.orElseGet(diff::maxMissingBlocks));
  }

  private static String names(Manifest old, Manifest now) {
    String from = old.naming().text();
    String to = now.naming().text();
    return from.equals(to) ? from : from + " to " + to;
  }

  private static String jsonOf(Change change) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("change", nameOf(change.kind()));
    fields.put("file", change.path());
    change.before().ifPresent(entry -> fields.put("sizeBefore", entry.size()));
    change.before().ifPresent(entry -> fields.put("handleBefore", entry.handle().toString()));
    change.after().ifPresent(entry -> fields.put("sizeAfter", entry.size()));
    change.after().ifPresent(entry -> fields.put("handleAfter", entry.handle().toString()));
    return Json.line(fields);
  }

  private static String jsonOf(ClosureDiff diff, Manifest old, Manifest now, OptionalLong blocks) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("namesBefore", old.naming().text());
    fields.put("namesAfter", now.naming().text());
    for (Kind kind : Kind.values()) {
      fields.put(nameOf(kind), diff.count(kind));
    }
    fields.put("objects", diff.missing().size());
    fields.put("bytes", diff.missingBytes());
    fields.put("maxBlocks", diff.maxMissingBlocks());
    blocks.ifPresent(count -> fields.put("blocks", count));
    return Json.line(fields);
  }

  private static String nameOf(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
