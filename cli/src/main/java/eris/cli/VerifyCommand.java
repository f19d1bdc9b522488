package eris.cli;

import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.codec.TreeWalk;
import eris.store.BlockStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `eris verify`.
@Command(
    name = "verify",
    description = "Read every distinct block of a tree and tell all that is wrong.")
final class VerifyCommand extends ErisCommand {
  @Mixin ReadOptions reading = new ReadOptions();

  @Mixin StoreOptions storage = new StoreOptions();

  @Option(
      names = "--canonical",
      description =
          "Also check that encoding with the null secret, or that of --secret-file, "
              + "gives just this tree.")
  boolean canonical;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "The secret for --canonical, 32 bytes or their base32.")
  Optional<Path> secretFile = Optional.empty();

  @Override
  void run(Io io) throws Exception {
    if (secretFile.isPresent() && !canonical) {
      throw new Failure(ExitCode.USAGE, "--secret-file is for --canonical");
    }
    ReadCapability capability = reading.current(io, common.quiet);
    var report = new FindingReport(io, common.json);
    try (BlockStore store = new Stores(io, common.quiet).openForReading(storage.named(io));
        var progress = new Progress(io, common.quiet)) {
      TreeWalk.Visitor visitor = report.visitor(progress, capability.blockSize());
      report.blocksRead(
          canonical
              ? TreeWalk.walkCanonical(store, capability, secret(), visitor)
              : TreeWalk.walk(store, capability, visitor));
    }
    report.finish();
  }

  private ConvergenceSecret secret() throws IOException, Failure {
    return secretFile.isPresent()
        ? EncodeOptions.readSecret(secretFile.get())
        : ConvergenceSecret.nullSecret();
  }
}
