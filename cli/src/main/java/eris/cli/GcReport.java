package eris.cli;

import eris.retention.Head;
import eris.retention.Tally;
import eris.retention.Verdict;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Prints what a collection did.
final class GcReport {
  private final Io io;
  private final boolean json;
  private Optional<Head> published = Optional.empty();

  GcReport(Io io, boolean json) {
    this.io = io;
    this.json = json;
  }

  void published(Head head) {
    published = Optional.of(head);
  }

  /// @param dryRun whether all that only would be done
  void print(Tally tally, boolean dryRun) throws IOException {
    if (json) {
      io.println(Json.line(fields(tally, dryRun)));
    } else {
      printText(tally, dryRun);
    }
    if (tally.missing() > 0) {
      io.warn("%d blocks that are wanted are not there".formatted(tally.missing()));
    }
  }

  private Map<String, Object> fields(Tally tally, boolean dryRun) {
    Map<String, Object> fields = new LinkedHashMap<>();
    published.ifPresent(
        head -> {
          fields.put("account", head.account().toString());
          fields.put("sequence", head.sequence());
          fields.put("wanted", head.count());
        });
    fields.put("dryRun", dryRun);
    for (Verdict verdict : Verdict.values()) {
      fields.put(word(verdict) + "Blocks", tally.of(verdict).blocks());
      fields.put(word(verdict) + "Bytes", tally.of(verdict).bytes());
    }
    fields.put("missing", tally.missing());
    return fields;
  }

  private void printText(Tally tally, boolean dryRun) throws IOException {
    if (published.isPresent()) {
      Head head = published.get();
      io.println(
          "published  %d blocks wanted, live set %d of account %s"
              .formatted(head.count(), head.sequence(), head.account()));
    }
    for (Verdict verdict : Verdict.values()) {
      Tally.Amount amount = tally.of(verdict);
      String line =
          String.format(
              Locale.ROOT,
              "%-9s  %d blocks, %d bytes",
              word(verdict),
              amount.blocks(),
              amount.bytes());
      io.println(dryRun ? "would be " + line : line);
    }
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case KEEP -> "kept";
      case SPARE -> "spared";
      case TRASH -> "trashed";
      case WAIT -> "waiting";
      case FREE -> "freed";
      case RESTORE -> "restored";
    };
  }
}
