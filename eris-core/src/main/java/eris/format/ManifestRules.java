package eris.format;

import eris.ReadCapability;
import eris.format.Manifest.Naming;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a [Manifest] has to keep, beyond its types. A flaw is told without names: they may be
/// capabilities.
final class ManifestRules {
  /// What a file system takes as a name, and an operating system as a path, in bytes of UTF-8.
  static final int MAX_NAME_BYTES = 255;

  static final int MAX_PATH_BYTES = 4095;
  private static final Pattern ARCHITECTURE = Pattern.compile("[a-z0-9_]{1,32}");

  private ManifestRules() {}

  static Optional<String> flaw(
      String architecture,
      Naming naming,
      List<String> roots,
      SortedMap<String, Manifest.Entry> files,
      SortedMap<String, String> aliases) {
    if (!ARCHITECTURE.matcher(architecture).matches()) {
      return Optional.of("an architecture that is not 1 to 32 of a-z, 0-9 and _");
    }
    return firstOf(
        Stream.of(
            flawOfPaths(files),
            flawOfRoots(roots, files),
            flawOfNames(aliases),
            flawOfTargets(aliases.values().stream(), files, "an alias"),
            files.values().stream()
                .flatMap(entry -> flawAmong(entry, naming, files).stream())
                .findFirst()));
  }

  static Optional<String> flaw(
      ReadCapability content,
      long size,
      Manifest.Type type,
      SortedMap<String, String> needs,
      Optional<String> interpreter,
      Optional<String> interpreterArgument,
      SortedMap<String, String> plugins) {
    boolean program = type == Manifest.Type.ELF || type == Manifest.Type.SCRIPT;
    if (size < 0) {
      return Optional.of("a size that is negative");
    }
    if (content.level() > content.blockSize().maxLevel()) {
      return Optional.of("a capability of a level that no content has");
    }
    if (type != Manifest.Type.ELF && !needs.isEmpty()) {
      return Optional.of("needs of what is no ELF file");
    }
    if (!program && (interpreter.isPresent() || !plugins.isEmpty())) {
      return Optional.of("an interpreter or plugins of what is no program");
    }
    if (type == Manifest.Type.SCRIPT && interpreter.isEmpty()) {
      return Optional.of("a script without interpreter");
    }
    if (interpreterArgument.isPresent() && type != Manifest.Type.SCRIPT) {
      return Optional.of("an argument to the interpreter of what is no script");
    }
    if (!interpreterArgument.map(ManifestRules::isText).orElse(true)) {
      return Optional.of("an argument that is empty, too long, with NUL or without UTF-8 form");
    }
    return firstOf(Stream.of(flawOfNames(needs), flawOfNames(plugins)));
  }

  private static Optional<String> flawOfPaths(SortedMap<String, Manifest.Entry> files) {
    var entries = new TreeMap<ErisFs.Path, ErisFs.Entry>();
    for (Map.Entry<String, Manifest.Entry> file : files.entrySet()) {
      List<String> names = List.of(file.getKey().split("/", -1));
      Optional<String> flaw = ErisFs.Path.flaw(names);
      if (flaw.isPresent()) {
        return flaw;
      }
      if (!isName(file.getKey())) {
        return Optional.of("a path that is too long, or a name in it");
      }
      entries.put(new ErisFs.Path(names), new ErisFs.File(file.getValue().content()));
    }
    return ErisFs.flaw(entries);
  }

  private static Optional<String> flawOfRoots(
      List<String> roots, SortedMap<String, Manifest.Entry> files) {
    if (roots.isEmpty()) {
      return Optional.of("no root");
    }
    if (new HashSet<>(roots).size() < roots.size()) {
      return Optional.of("a root that is there twice");
    }
    return flawOfTargets(roots.stream(), files, "a root");
  }

  private static Optional<String> flawAmong(
      Manifest.Entry entry, Naming naming, SortedMap<String, Manifest.Entry> files) {
    return firstOf(
        Stream.of(
            flawOfTargets(entry.needs().values().stream(), files, "a need"),
            flawOfTargets(entry.interpreter().stream(), files, "an interpreter"),
            flawOfTargets(entry.plugins().values().stream(), files, "a plugin"),
            entry.needs().entrySet().stream()
                .filter(need -> !isTrue(need.getKey(), naming, files.get(need.getValue())))
                .map(_ -> "a need by the handle or URN of another file")
                .findFirst()));
  }

  /// Whether a name that says which object it wants leads to that one.
  private static boolean isTrue(String name, Naming naming, Manifest.@Nullable Entry target) {
    if (target == null) {
      return true; // told already
    }
    return switch (naming) {
      case ROUTE -> true;
      case HANDLE -> !name.startsWith("eris-") || name.equals(target.handle().toString());
      case URN -> !name.startsWith("urn:") || name.equals(target.content().toUrn());
    };
  }

  private static Optional<String> flawOfTargets(
      Stream<String> targets, SortedMap<String, Manifest.Entry> files, String what) {
    return targets
        .filter(target -> !files.containsKey(target))
        .map(_ -> what + " that is no file of the manifest")
        .findFirst();
  }

  private static Optional<String> flawOfNames(SortedMap<String, String> table) {
    return table.keySet().stream()
        .filter(name -> !isName(name))
        .map(_ -> "a name that is empty, too long, with NUL or without UTF-8 form")
        .findFirst();
  }

  /// Whether something may be asked for by `name`, which is often a path.
  private static boolean isName(String name) {
    return isText(name)
        && Stream.of(name.split("/", -1)).allMatch(part -> utf8Bytes(part) <= MAX_NAME_BYTES);
  }

  private static boolean isText(String text) {
    return !text.isEmpty()
        && text.indexOf('\0') < 0
        && StandardCharsets.UTF_8.newEncoder().canEncode(text)
        && utf8Bytes(text) <= MAX_PATH_BYTES;
  }

  private static int utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static Optional<String> firstOf(Stream<Optional<String>> flaws) {
    return flaws.flatMap(Optional::stream).findFirst();
  }
}
