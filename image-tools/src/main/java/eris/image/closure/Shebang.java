package eris.image.closure;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The first line of a script, read as Linux does: `#!`, the interpreter, and what follows it as one
/// argument. `#!/usr/bin/env NAME` stands for the NAME that is found where commands are.
///
/// @param interpreter a path of this machine
record Shebang(Path interpreter, Optional<String> argument) {
  private static final int MAX_LINE_BYTES = 255;

  static boolean isScript(byte[] start) {
    return start.length >= 2 && start[0] == '#' && start[1] == '!';
  }

  /// @param start the first bytes of the script, all that Linux looks at if there are so many
  static Shebang parse(Path script, byte[] start, List<Path> commandPath) throws ClosureException {
    String[] words = line(script, start).replaceAll("^[ \t]+|[ \t]+$", "").split("[ \t]+", 2);
    if (!words[0].startsWith("/")) {
      throw new ClosureException(script + ": the interpreter after #! is no absolute path");
    }
    Optional<String> argument = Optional.of(words).filter(w -> w.length > 1).map(w -> w[1]);
    return ImagePath.lastName(words[0]).equals("env")
        ? byEnv(script, argument.orElse(""), commandPath)
        : new Shebang(Path.of(words[0]), argument);
  }

  private static String line(Path script, byte[] start) throws ClosureException {
    int end = 2;
    while (end < start.length && start[end] != '\n') {
      end++;
    }
    if (end > MAX_LINE_BYTES) {
      throw new ClosureException(
          "%s: the line after #! is longer than %d bytes".formatted(script, MAX_LINE_BYTES));
    }
    try {
      String line =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(start, 2, end - 2)).toString();
      if (line.indexOf('\0') < 0) {
        return line;
      }
    } catch (CharacterCodingException _) {
      // told below
    }
    throw new ClosureException(script + ": the line after #! is no text in UTF-8");
  }

  private static Shebang byEnv(Path script, String name, List<Path> commandPath)
      throws ClosureException {
    if (name.isEmpty() || name.startsWith("-") || name.matches(".*[ \t=/].*")) {
      throw new ClosureException(
          script + ": of env, only `#!/usr/bin/env NAME` is understood after #!");
    }
    return commandPath.stream()
        .map(directory -> directory.resolve(name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .map(file -> new Shebang(file, Optional.empty()))
        .orElseThrow(
            () ->
                new ClosureException(
                    "%s: its interpreter %s is in none of: %s"
                        .formatted(script, name, Places.list(commandPath))));
  }
}
