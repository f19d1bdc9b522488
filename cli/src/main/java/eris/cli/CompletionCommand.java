package eris.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/// `eris completion`.
@Command(
    name = "completion",
    description = "Print the completion script for bash and zsh: source <(eris completion)")
final class CompletionCommand extends ErisCommand {
  @Override
  void run(Io io) throws Exception {
    io.println(AutoComplete.bash("eris", Main.commandLine()).stripTrailing());
  }
}
