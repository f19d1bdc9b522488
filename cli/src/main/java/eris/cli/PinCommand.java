package eris.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `eris pin`: what a user wants kept.
@Command(
    name = "pin",
    synopsisSubcommandLabel = "COMMAND",
    description = "Say which content is to be kept when garbage is collected.",
    footer =
        "%nPins are capabilities. They stay on this machine, in a file sealed with a key or a "
            + "passphrase; stores see only which blocks are wanted, all pins together.",
    subcommands = {PinAddCommand.class, PinRmCommand.class, PinLsCommand.class})
final class PinCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
