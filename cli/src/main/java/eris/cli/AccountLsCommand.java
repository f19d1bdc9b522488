package eris.cli;

import eris.server.access.Account;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `eris account ls`.
@Command(name = "ls", description = "List the accounts: name, quota, rate.")
final class AccountLsCommand extends ErisCommand {
  @Mixin AccessOptions access = new AccessOptions();

  @Override
  void run(Io io) throws Exception {
    for (Account account : access.open(io).read().accounts()) {
      print(account, io);
    }
  }

  private void print(Account account, Io io) throws IOException {
    if (common.json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("name", account.name());
      account.quotaBytes().ifPresent(bytes -> fields.put("quotaBytes", bytes));
      account.bytesPerSecond().ifPresent(bytes -> fields.put("bytesPerSecond", bytes));
      io.println(Json.line(fields));
    } else {
      io.println(
          "%s  quota %s  rate %s"
              .formatted(
                  account.name(), text(account.quotaBytes()), text(account.bytesPerSecond())));
    }
  }

  private static String text(OptionalLong bytes) {
    return bytes.isPresent() ? Long.toString(bytes.getAsLong()) : "none";
  }
}
