package eris.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `eris image`: programs and their libraries, and what is made of them.
@Command(
    name = "image",
    synopsisSubcommandLabel = "COMMAND",
    description = "Make images of programs and their libraries.",
    subcommands = {
      ClosureCommand.class,
      ImageDirCommand.class,
      ImageInitramfsCommand.class,
      PatchElfCommand.class,
    })
final class ImageCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
