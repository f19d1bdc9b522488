package eris.server.access;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// The text of an access list: see `docs/formats/access.md`.
final class AccessText {
  private static final String FIRST_LINE = "eris access 1";

  private AccessText() {}

  static String format(AccessList list) {
    List<String> lines = new ArrayList<>(List.of(FIRST_LINE));
    for (Account account : list.accounts()) {
      lines.add(
          "account "
              + account.name()
              + word("quota", account.quotaBytes())
              + word("rate", account.bytesPerSecond()));
    }
    for (TokenEntry token : list.tokens()) {
      lines.add(
          "token %s %s %s %s"
              .formatted(
                  token.hash(),
                  token.account(),
                  Permission.format(token.permissions()),
                  token.note())
              .stripTrailing());
    }
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  private static String word(String name, OptionalLong value) {
    return value.isPresent() ? " %s=%d".formatted(name, value.getAsLong()) : "";
  }

  /// @param file for the message
  /// @throws MalformedAccess naming the line that is not understood
  static AccessList parse(String text, Path file) throws MalformedAccess {
    String[] lines = text.split("\n", -1);
    if (!lines[0].equals(FIRST_LINE)) {
      throw new MalformedAccess(file, 1, "want \"%s\"".formatted(FIRST_LINE));
    }
    AccessList list = AccessList.EMPTY;
    for (int i = 1; i < lines.length; i++) {
      if (!lines[i].isBlank() && !lines[i].startsWith("#")) {
        try {
          list = parseLine(list, lines[i]);
        } catch (IllegalArgumentException e) {
          throw new MalformedAccess(file, i + 1, String.valueOf(e.getMessage()));
        }
      }
    }
    return list;
  }

  private static AccessList parseLine(AccessList list, String line) {
    String[] words = line.strip().split(" +", 5);
    return switch (words[0]) {
      case "account" -> list.with(account(line.strip().split(" +")));
      case "token" -> {
        if (words.length < 4) {
          throw new IllegalArgumentException("want token HASH ACCOUNT PERMISSIONS [NOTE]");
        }
        yield list.with(
            new TokenEntry(
                words[1], words[2], Permission.parse(words[3]), words.length > 4 ? words[4] : ""));
      }
      default -> throw new IllegalArgumentException("want account or token");
    };
  }

  private static Account account(String[] words) {
    if (words.length < 2) {
      throw new IllegalArgumentException("want account NAME [quota=BYTES] [rate=BYTES]");
    }
    OptionalLong quota = OptionalLong.empty();
    OptionalLong rate = OptionalLong.empty();
    for (String word : Arrays.copyOfRange(words, 2, words.length)) {
      if (word.startsWith("quota=")) {
        quota = OptionalLong.of(number(word));
      } else if (word.startsWith("rate=")) {
        rate = OptionalLong.of(number(word));
      } else {
        throw new IllegalArgumentException("want quota=BYTES or rate=BYTES");
      }
    }
    return new Account(words[1], quota, rate);
  }

  private static long number(String word) {
    try {
      return Long.parseLong(word, word.indexOf('=') + 1, word.length(), 10);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("want a number of bytes behind =", e);
    }
  }
}
