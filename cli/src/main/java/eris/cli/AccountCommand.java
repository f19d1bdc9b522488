package eris.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `eris account`: who may put blocks into a daemon.
@Command(
    name = "account",
    synopsisSubcommandLabel = "COMMAND",
    description = "Say who may put blocks into a daemon, and how many.",
    footer = "%nWhat changes here, a daemon takes note of when it is told to reload (SIGHUP).",
    subcommands = {AccountAddCommand.class, AccountRmCommand.class, AccountLsCommand.class})
final class AccountCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
