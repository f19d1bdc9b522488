package eris.cli;

import eris.BlockSize;
import eris.Dialect;
import eris.DraftCapability;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Decoder;
import eris.store.BlockSource;
import java.io.IOException;
import java.util.List;
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
    return parseCurrent(CapabilityText.resolve(capability, io, quiet));
  }

  /// @throws Failure if it is of a draft
  static ReadCapability parseCurrent(String text) throws IOException, Failure {
    requireCurrent(text);
    return ReadCapability.parse(text);
  }

  /// The capability of the content, in whichever dialect the user allows.
  Content content(boolean legacy, Io io, boolean quiet) throws IOException, Failure {
    String text = CapabilityText.resolve(capability, io, quiet);
    if (legacy && DraftCapability.isDraft(text)) {
      return Content.of(DraftCapability.parse(text));
    }
    requireCurrent(text);
    return Content.of(ReadCapability.parse(text));
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
  ///
  /// @param dialects more than one where only the blocks can tell
  record Content(
      BlockSize blockSize, int level, Reference root, List<Dialect> dialects, Opener opener) {
    static Content of(ReadCapability capability) {
      return new Content(
          capability.blockSize(),
          capability.level(),
          capability.root().reference(),
          List.of(Dialect.V1_0_0),
          source -> Decoder.open(source, capability));
    }

    static Content of(DraftCapability capability) {
      return new Content(
          capability.blockSize(),
          capability.level(),
          capability.root().reference(),
          capability.candidates(),
          source -> Decoder.open(source, capability));
    }

    Decoder open(BlockSource source) throws IOException {
      return opener.open(source);
    }
  }

  @FunctionalInterface
  interface Opener {
    Decoder open(BlockSource source) throws IOException;
  }

  /// `--legacy`, where drafts can be read.
  static final class Legacy {
    @Option(names = "--legacy", description = "Also read the drafts urn:erisx2: and urn:erisx3:.")
    boolean allowed;
  }
}
