package eris.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `eris token rm`.
@Command(name = "rm", description = "Take a token back.")
final class TokenRmCommand extends ErisCommand {
  @Parameters(paramLabel = "ID", description = "Its first eight characters in eris token ls.")
  String id = "";

  @Mixin AccessOptions access = new AccessOptions();

  @Override
  void run(Io io) throws Exception {
    access.change(io, list -> list.token(id).map(list::without), "there is no token " + id);
  }
}
