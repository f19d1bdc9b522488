package eris.cli;

import eris.server.access.Account;
import eris.stores.Writer;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `eris account add`.
@Command(
    name = "add",
    description = "Add an account, or change its quota and rate.",
    footer = "%nIts tokens stay: eris token add gives it one.")
final class AccountAddCommand extends ErisCommand {
  @Parameters(paramLabel = "NAME", description = "What to call it: a-z, 0-9, '.', '_', '-'.")
  String name = "";

  @Mixin AccessOptions access = new AccessOptions();

  @Option(
      names = "--quota",
      paramLabel = "SIZE",
      description =
          "The most that it may put in all, as in 20GiB, whether or not it was there before. "
              + "Default: none.",
      converter = QuotaConverter.class)
  OptionalLong quota = OptionalLong.empty();

  @Option(
      names = "--rate",
      paramLabel = "SIZE",
      description = "How much it may put a second on average. Default: none.",
      converter = QuotaConverter.class)
  OptionalLong rate = OptionalLong.empty();

  @Override
  void run(Io io) throws Exception {
    Account account = AccessOptions.checked(() -> new Account(name, quota, rate));
    access.open(io).update(list -> Optional.of(list.with(account)), Writer.named("eris"));
  }
}
