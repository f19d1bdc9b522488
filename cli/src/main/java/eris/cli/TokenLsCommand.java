package eris.cli;

import eris.server.access.Permission;
import eris.server.access.TokenEntry;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `eris token ls`.
@Command(name = "ls", description = "List the tokens: name, account, what each allows, note.")
final class TokenLsCommand extends ErisCommand {
  @Mixin AccessOptions access = new AccessOptions();

  @Override
  void run(Io io) throws Exception {
    for (TokenEntry token : access.open(io).read().tokens()) {
      print(token, io);
    }
  }

  private void print(TokenEntry token, Io io) throws IOException {
    if (common.json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("id", token.id());
      fields.put("account", token.account());
      fields.put("can", token.permissions().stream().sorted().map(Permission::toString).toList());
      fields.put("note", token.note());
      io.println(Json.line(fields));
    } else {
      io.println(
          "%s  %s  %s  %s"
              .formatted(
                  token.id(), token.account(), Permission.format(token.permissions()), token.note())
              .stripTrailing());
    }
  }
}
