package eris.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `eris account rm`.
@Command(
    name = "rm",
    description = "Remove an account and all its tokens.",
    footer = "%nThe blocks that it put stay.")
final class AccountRmCommand extends ErisCommand {
  @Parameters(paramLabel = "NAME", description = "The account.")
  String name = "";

  @Mixin AccessOptions access = new AccessOptions();

  @Override
  void run(Io io) throws Exception {
    access.change(io, list -> list.account(name).map(list::without), "there is no account " + name);
  }
}
