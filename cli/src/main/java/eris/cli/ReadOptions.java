package eris.cli;

import eris.DraftCapability;
import eris.ReadCapability;
import eris.codec.Decoder;
import eris.store.BlockSource;
import java.io.IOException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which content is read.
final class ReadOptions {
  @Parameters(
      paramLabel = "URN|@FILE|-",
      description = "The capability, a file that holds it, or standard input.")
  String capability = "";

  /// The capability of the content.
  ///
  /// @throws Failure if it is of a draft
  ReadCapability current(Io io, boolean quiet) throws IOException, Failure {
    String text = CapabilityText.resolve(capability, io, quiet);
    requireCurrent(text);
    return ReadCapability.parse(text);
  }

  /// The capability of the content, in whichever dialect the user allows.
  Content content(boolean legacy, Io io, boolean quiet) throws IOException, Failure {
    String text = CapabilityText.resolve(capability, io, quiet);
    if (legacy && DraftCapability.isDraft(text)) {
      return new Content.Draft(DraftCapability.parse(text));
    }
    requireCurrent(text);
    return new Content.Current(ReadCapability.parse(text));
  }

  private static void requireCurrent(String text) throws Failure {
    if (DraftCapability.isDraft(text)) {
      throw new Failure(
          ExitCode.USAGE,
          "this capability is of a draft of ERIS",
          "get and info read drafts with --legacy");
    }
  }

  /// What a capability names.
  sealed interface Content {
    record Current(ReadCapability capability) implements Content {}

    record Draft(DraftCapability capability) implements Content {}

    default Decoder open(BlockSource source) throws IOException {
      return switch (this) {
        case Current(var capability) -> Decoder.open(source, capability);
        case Draft(var capability) -> Decoder.open(source, capability);
      };
    }
  }

  /// `--legacy`, where drafts can be read.
  static final class Legacy {
    @Option(names = "--legacy", description = "Also read the drafts urn:erisx2: and urn:erisx3:.")
    boolean allowed;
  }
}
