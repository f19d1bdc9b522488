package eris.cli;

import eris.store.BlockSink;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `eris sum`.
@Command(
    name = "sum",
    description = "Print the capability that put would, and store nothing.",
    footer = "%nOnly --convergent and --secret-file give the same capability every time.")
final class SumCommand extends ErisCommand {
  private static final BlockSink NOWHERE =
      (reference, block) -> {
        // The capability is all that is wanted.
      };

  @Mixin EncodeOptions encoding = new EncodeOptions();

  @Override
  void run(Io io) throws Exception {
    try (var progress = new Progress(io, common.quiet);
        var report = new EncodingReport(io, common.json, () -> {})) {
      new EncodeAll(encoding, io).into(NOWHERE, progress, report);
    }
  }
}
