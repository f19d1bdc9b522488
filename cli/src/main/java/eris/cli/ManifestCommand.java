package eris.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `eris manifest`: what closures hold.
@Command(
    name = "manifest",
    synopsisSubcommandLabel = "COMMAND",
    description = "Look into the manifests of closures.",
    subcommands = {ManifestGetCommand.class})
final class ManifestCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
