package eris.cli;

import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which store the local one is compared with.
final class PeerOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "STORE",
      description =
          "The other store: a local one (rocksdb:, volume:, dir: or a path), or one that eris serve serves (http:, https:).")
  Optional<String> store = Optional.empty();

  @Option(
      names = "--connect",
      paramLabel = "COMMAND",
      description =
          "Instead of STORE: a command whose input and output lead to eris sync --serve, as in 'ssh HOST eris sync --serve'.")
  Optional<String> command = Optional.empty();

  /// @throws Failure unless one of all that can be named is
  static void requireOne(String what, Optional<?>... named) throws Failure {
    long count = java.util.Arrays.stream(named).filter(Optional::isPresent).count();
    if (count != 1) {
      throw new Failure(ExitCode.USAGE, "want one of %s".formatted(what));
    }
  }
}
