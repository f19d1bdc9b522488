package eris.cli;

import picocli.CommandLine.Mixin;

/// A subcommand of `eris`.
abstract class ErisCommand {
  @Mixin CommonOptions common = new CommonOptions();

  /// Does what the user asked for. Prints results on the output of `io`, and nothing on failure:
  /// [Main] tells the user about what is thrown.
  abstract void run(Io io) throws Exception;
}
