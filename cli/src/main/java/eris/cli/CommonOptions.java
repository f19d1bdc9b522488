package eris.cli;

import picocli.CommandLine.Option;

/// Options that every command takes.
final class CommonOptions {
  @Option(names = "--json", description = "Print results as JSON, one object a line.")
  boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress and no warnings.")
  boolean quiet;

  @Option(names = "--debug", description = "On failure, also print where it happened.")
  boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
