package eris.cli;

import java.util.Optional;

/// An operation of the command ended, and this is what the user reads: one line of fact, at most one
/// of help.
final class Failure extends Exception {
  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;
  private final String line;
  private final transient Optional<String> hint;

  private Failure(ExitCode exitCode, String line, Optional<String> hint) {
    super(line);
    this.exitCode = exitCode;
    this.line = line;
    this.hint = hint;
  }

  Failure(ExitCode exitCode, String line) {
    this(exitCode, line, Optional.empty());
  }

  Failure(ExitCode exitCode, String line, String hint) {
    this(exitCode, line, Optional.of(hint));
  }

  ExitCode exitCode() {
    return exitCode;
  }

  String line() {
    return line;
  }

  Optional<String> hint() {
    return hint;
  }
}
