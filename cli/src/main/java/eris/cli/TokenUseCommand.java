package eris.cli;

import eris.stores.AccessToken;
import eris.stores.StoreUrl;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `eris token use`.
@Command(
    name = "use",
    description =
        "Show a token to a server from now on, whenever it is asked for blocks or given some.",
    footer =
        "%nThe token is read from standard input, or asked for on a terminal. It is kept in a file that "
            + "only you can read, and sent to that server alone: over https, or to this machine.")
final class TokenUseCommand extends ErisCommand {
  private static final int MAX_BYTES = 256;

  @Parameters(paramLabel = "URL", description = "The server, as in https://host.")
  String url = "";

  @Option(names = "--forget", description = "Forget the token that was used.")
  boolean forget;

  @Override
  void run(Io io) throws Exception {
    if (!(StoreUrl.parse(url) instanceof StoreUrl.Http server)) {
      throw new Failure(ExitCode.USAGE, "want a server: https: or http:");
    }
    Optional<AccessToken> token = forget ? Optional.empty() : Optional.of(token(read(io).strip()));
    ServerTokens.of(io).set(server.base(), token, new Stores(io, common.quiet).writer());
  }

  private static AccessToken token(String text) throws Failure {
    return AccessOptions.checked(() -> AccessToken.parse(text));
  }

  private static String read(Io io) throws IOException {
    Console console = io.isInteractive() ? System.console() : null;
    if (console == null) {
      return new String(io.in().readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    }
    char[] token = console.readPassword("Token: ");
    return token == null ? "" : new String(token);
  }
}
