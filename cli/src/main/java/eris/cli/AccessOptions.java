package eris.cli;

import eris.server.access.AccessFile;
import eris.server.access.AccessList;
import eris.stores.Writer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/// Where the accounts of a daemon are kept.
final class AccessOptions {
  @Option(
      names = "--access",
      paramLabel = "FILE",
      description = "The file of accounts and tokens. Default: ~/.config/eris/access.")
  Optional<Path> file = Optional.empty();

  /// Where it is unless somebody says otherwise.
  static Path standard(Io io) {
    return io.xdg("XDG_CONFIG_HOME", Path.of(".config")).resolve("eris/access");
  }

  AccessFile open(Io io) {
    return new AccessFile(file.orElseGet(() -> standard(io)));
  }

  /// Changes the file, unless `change` finds nothing to be changed.
  void change(Io io, Function<AccessList, Optional<AccessList>> change, String otherwise)
      throws IOException, Failure {
    if (!open(io).update(change, Writer.named("eris"))) {
      throw new Failure(ExitCode.FAILED, otherwise);
    }
  }

  /// What a user wrote, made into something.
  static <T> T checked(Supplier<T> value) throws Failure {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }
}
