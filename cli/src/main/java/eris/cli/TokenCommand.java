package eris.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `eris token`: what opens a daemon.
@Command(
    name = "token",
    synopsisSubcommandLabel = "COMMAND",
    description = "Give out what lets clients into a daemon, take it back, and use it.",
    footer =
        "%nA daemon keeps hashes of tokens, not tokens. What changes here, it takes note of when it "
            + "is told to reload (SIGHUP).",
    subcommands = {
      TokenAddCommand.class,
      TokenRmCommand.class,
      TokenLsCommand.class,
      TokenUseCommand.class
    })
final class TokenCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
