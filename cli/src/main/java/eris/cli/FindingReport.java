package eris.cli;

import eris.BlockSize;
import eris.Reference;
import eris.codec.Finding;
import eris.codec.TreeWalk;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Prints what a check of a tree finds, as it finds it.
final class FindingReport {
  private final Io io;
  private final boolean json;
  private long blocksRead;
  private long missing;
  private long wrong;

  FindingReport(Io io, boolean json) {
    this.io = io;
    this.json = json;
  }

  /// What a walk reports to.
  TreeWalk.Visitor visitor(Progress progress, BlockSize blockSize) {
    return new TreeWalk.Visitor() {
      @Override
      public void block(Reference reference, int level) {
        progress.advance(blockSize.bytes());
      }

      @Override
      public void finding(Finding finding) throws IOException {
        add(finding);
      }
    };
  }

  private void add(Finding finding) throws IOException {
    if (finding instanceof Finding.Missing) {
      missing++;
    } else {
      wrong++;
    }
    io.println(json ? jsonOf(finding) : Finding.describe(finding));
  }

  void blocksRead(long count) {
    blocksRead = count;
  }

  private static String jsonOf(Finding finding) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("finding", finding.getClass().getSimpleName());
    fields.put("reference", finding.reference().toString());
    fields.put("text", Finding.describe(finding));
    return Json.line(fields);
  }

  /// Prints the summary.
  ///
  /// @throws Failure if there were findings
  void finish() throws IOException, Failure {
    long findings = missing + wrong;
    io.println(
        json
            ? Json.line(Map.of("blocksRead", blocksRead, "findings", findings))
            : "%d blocks read, %d findings".formatted(blocksRead, findings));
    if (wrong > 0) {
      throw new Failure(
          ExitCode.CORRUPT, "%d blocks are wrong, %d are missing".formatted(wrong, missing));
    }
    if (missing > 0) {
      throw new Failure(
          ExitCode.MISSING,
          "%d blocks are missing".formatted(missing),
          "name another store with --store");
    }
  }
}
