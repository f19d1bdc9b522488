package eris.cli;

import eris.format.LinkFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The text of a capability, from where the user keeps it: an argument, a file (`@FILE`) or standard
/// input (`-`), as text or as a link. Whatever a file holds is at most a capability, never an option.
final class CapabilityText {
  private static final int MAX_BYTES = 4096;

  private CapabilityText() {}

  /// @throws Failure if there is more than one word, or none
  static String resolve(String argument, Io io, boolean quiet) throws IOException, Failure {
    if (argument.equals("-")) {
      return singleWord(io.in(), "standard input");
    }
    if (argument.startsWith("@")) {
      try (InputStream file = Files.newInputStream(Path.of(argument.substring(1)))) {
        return singleWord(file, argument.substring(1));
      }
    }
    if (!quiet && argument.regionMatches(true, 0, "urn:eris", 0, 8)) {
      io.warn("a capability given as an argument shows in the process list: use @FILE or -");
    }
    return argument;
  }

  private static String singleWord(InputStream source, String name) throws IOException, Failure {
    byte[] bytes = source.readNBytes(LinkFile.MAX_BYTES + 1);
    if (LinkFile.isLink(bytes)) {
      return LinkFile.decode(bytes).content().toUrn();
    }
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    if (bytes.length > MAX_BYTES || text.chars().anyMatch(Character::isWhitespace)) {
      throw new Failure(ExitCode.USAGE, name + " holds more than a capability");
    }
    if (text.isEmpty()) {
      throw new Failure(ExitCode.USAGE, name + " holds no capability");
    }
    return text;
  }
}
