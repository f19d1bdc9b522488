package eris.cli;

/// What the `eris` command says to the shell. An interface: the numbers never change.
enum ExitCode {
  DONE(0, "done"),
  FAILED(1, "failed"),
  USAGE(2, "wrong usage, or a malformed capability or store URL"),
  MISSING(3, "a block or object is missing"),
  CORRUPT(4, "content is corrupt or malformed"),
  REFUSED(5, "refused by policy or authentication"),
  STORE(6, "the store is full, read-only or held by another writer"),
  INTERRUPTED(130, "interrupted");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  int number() {
    return number;
  }

  String meaning() {
    return meaning;
  }
}
