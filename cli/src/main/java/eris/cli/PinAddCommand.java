package eris.cli;

import eris.ErisException;
import eris.ReadCapability;
import eris.retention.Pin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `eris pin add`.
@Command(
    name = "add",
    description = "Pin content.",
    footer =
        "%nIt need not be in any store yet. Content that is pinned already gets the new name and "
            + "note.")
final class PinAddCommand extends ErisCommand {
  @Mixin ReadOptions reading = new ReadOptions();

  @Mixin PinOptions pins = new PinOptions();

  @Option(names = "--name", paramLabel = "NAME", description = "What to call it.")
  String name = "";

  @Option(names = "--note", paramLabel = "TEXT", description = "Anything, for yourself.")
  String note = "";

  @Option(
      names = {"-r", "--recursive"},
      description = "The content is a directory (ERIS-FS): also keep all files in it.")
  boolean recursive;

  @Override
  void run(Io io) throws Exception {
    requireLine("--name", name);
    requireLine("--note", note);
    if (reading.capability.equals("-") && pins.passphraseFile.filter("-"::equals).isPresent()) {
      throw new Failure(ExitCode.USAGE, "standard input is either capability or passphrase");
    }
    ReadCapability capability = reading.current(io, common.quiet);
    if (capability.level() > capability.blockSize().maxLevel()) {
      throw new ErisException.MalformedTree(
          "level %d, but no content needs more than %d"
              .formatted(capability.level(), capability.blockSize().maxLevel()));
    }
    var pin = new Pin(name, note, capability, recursive ? Pin.Scope.DIRECTORY : Pin.Scope.CONTENT);
    boolean[] added = {false};
    pins.open(io)
        .update(
            before -> {
              var after = before.with(pin);
              added[0] = after.isPresent();
              return after;
            },
            new Stores(io, common.quiet).writer());
    if (!added[0]) {
      throw new Failure(ExitCode.FAILED, "other content is pinned by this name");
    }
  }

  private static void requireLine(String option, String text) throws Failure {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new Failure(ExitCode.USAGE, option + " takes one line of text");
    }
    if (!Redaction.of(text).equals(text)) {
      throw new Failure(ExitCode.USAGE, option + " is shown to everybody, and holds a capability");
    }
  }
}
