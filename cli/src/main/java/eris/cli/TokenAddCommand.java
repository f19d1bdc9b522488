package eris.cli;

import eris.server.access.Permission;
import eris.server.access.TokenEntry;
import eris.stores.AccessToken;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `eris token add`.
@Command(
    name = "add",
    description = "Print a new token of an account. It is shown this once, and kept nowhere.",
    footer =
        "%nput: store blocks; sync: ask which blocks are held, and move what is missing; admin: ask "
            + "how the daemon does.")
final class TokenAddCommand extends ErisCommand {
  @Parameters(paramLabel = "ACCOUNT", description = "Whose it is.")
  String account = "";

  @Mixin AccessOptions access = new AccessOptions();

  @Option(
      names = "--can",
      paramLabel = "LIST",
      description = "What it allows, any of put,sync,admin. Default: put,sync.")
  String permissions = "put,sync";

  @Option(names = "--note", paramLabel = "TEXT", description = "What it is for.")
  String note = "";

  @Override
  void run(Io io) throws Exception {
    AccessToken token = AccessToken.generate(new SecureRandom());
    Set<Permission> allowed = AccessOptions.checked(() -> Permission.parse(permissions));
    TokenEntry entry =
        AccessOptions.checked(() -> TokenEntry.of(token, account, allowed, note.strip()));
    access.change(
        io,
        list -> list.account(account).map(_ -> list.with(entry)),
        "there is no account " + account);
    if (common.json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("id", entry.id());
      fields.put("token", token.reveal());
      io.println(Json.line(fields));
    } else {
      io.println(token.reveal());
    }
  }
}
