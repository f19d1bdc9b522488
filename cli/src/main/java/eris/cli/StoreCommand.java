package eris.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `eris store`: the commands that care for a store.
@Command(
    name = "store",
    synopsisSubcommandLabel = "COMMAND",
    description = "Look after a store.",
    subcommands = {
      StoreCreateCommand.class,
      StoreGrowCommand.class,
      StoreModeCommand.class,
      StoreRebuildCommand.class,
      StoreExportCommand.class,
      StoreImportCommand.class,
      StoreCopyCommand.class,
      StoreScrubCommand.class,
      StoreGcCommand.class,
      StoreStatCommand.class,
    })
final class StoreCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
