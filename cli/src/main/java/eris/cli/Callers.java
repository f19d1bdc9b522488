package eris.cli;

import eris.image.run.Caller;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// What `eris` was given by whom it was started by. The launcher remembers what it changes itself or
/// Java changes: in the property `eris.caller`, and in variables `ERIS_CALLER_…`, each the value of
/// one that it set to another.
final class Callers {
  private static final String PROPERTY = "eris.caller";
  private static final String REMEMBERED = "ERIS_CALLER_";
  private static final Set<String> LAUNCHERS_VARIABLES =
      Set.of("LC_ALL", "LC_CTYPE", "LC_MESSAGES", "ROCKSDB_MUSL_LIBC");

  /// Set for the programs that want it.
  private static final String CLOSURE_VARIABLE = "ERIS_CLOSURE";

  private Callers() {}

  /// @param withheld variables that the program does not get
  static Caller of(Io io, List<String> withheld) throws IOException, Failure {
    if (!System.getProperty("os.name").equals("Linux")) {
      throw new Failure(ExitCode.FAILED, "programs are run on Linux only");
    }
    Set<String> hidden = new HashSet<>(withheld);
    hidden.add(CLOSURE_VARIABLE);
    String remembered = System.getProperty(PROPERTY, "");
    List<byte[]> environment = environment(hidden, !remembered.isEmpty());
    if (remembered.isEmpty()) {
      return new Caller(environment, Set.of(), ignoredSignals(), 0, OptionalLong.empty());
    }
    String[] words = remembered.split(" ", -1);
    Set<Integer> descriptors = new HashSet<>();
    for (int i = 3; i < words.length; i++) {
      descriptors.add(Integer.valueOf(words[i]));
    }
    return new Caller(
        environment,
        descriptors,
        Long.parseUnsignedLong(words[2], 16),
        Long.parseUnsignedLong(words[1], 16),
        OptionalLong.of(coreLimit(words[0])));
  }

  /// As `ulimit` tells it, in blocks of 512 bytes.
  private static long coreLimit(String text) {
    return text.equals("unlimited") ? -1 : Long.parseLong(text) * 512;
  }

  private static List<byte[]> environment(Set<String> hidden, boolean launched) throws IOException {
    List<byte[]> variables = new ArrayList<>();
    for (byte[] variable : strings(Path.of("/proc/self/environ"))) {
      String text = new String(variable, StandardCharsets.ISO_8859_1);
      String name = text.substring(0, Math.max(text.indexOf('='), 0));
      if (name.startsWith(REMEMBERED)) {
        if (launched && LAUNCHERS_VARIABLES.contains(name.substring(REMEMBERED.length()))) {
          variables.add(Arrays.copyOfRange(variable, REMEMBERED.length(), variable.length));
        }
      } else if (!hidden.contains(name) && !(launched && LAUNCHERS_VARIABLES.contains(name))) {
        variables.add(variable);
      }
    }
    return variables;
  }

  /// The bytes of arguments as they were given: a string has lost those that are no text.
  static List<byte[]> bytes(List<String> arguments) throws IOException {
    List<byte[]> given = strings(Path.of("/proc/self/cmdline"));
    List<byte[]> last = given.subList(Math.max(given.size() - arguments.size(), 0), given.size());
    List<String> texts =
        last.stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8)).toList();
    return texts.equals(arguments)
        ? last
        : arguments.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /// What the kernel keeps as strings that each end with a zero.
  private static List<byte[]> strings(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    List<byte[]> strings = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < all.length; i++) {
      if (all[i] == 0) {
        strings.add(Arrays.copyOfRange(all, from, i));
        from = i + 1;
      }
    }
    return strings;
  }

  /// The signals that this process ignores, bit 0 for signal 1.
  static long ignoredSignals() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("SigIgn:")) {
        return Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16);
      }
    }
    return 0;
  }
}
