package eris.cli;

import picocli.CommandLine.Command;

/// `eris store`: care of a store, by its subcommands.
@Command(
    name = "store",
    description = "Care of a store.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      StoreCreateCommand.class,
      StoreGrowCommand.class,
      StoreRebuildCommand.class,
      StoreStatCommand.class
    })
final class StoreCommand extends ErisCommand {
  @Override
  void run(Io io) throws Failure {
    throw new Failure(ExitCode.USAGE, "no command given", "see eris store --help");
  }
}
