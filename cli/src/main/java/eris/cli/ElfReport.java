package eris.cli;

import eris.image.elf.ElfFile;
import eris.image.elf.GenodeRules;
import eris.image.elf.VersionNeed;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Prints what an ELF file says of itself and the libraries it needs.
final class ElfReport {
  private ElfReport() {}

  /// @param genode whether to judge it by the rules of Genode's loader
  static void print(ElfFile elf, boolean genode, boolean json, Io io) throws IOException {
    Map<String, Object> fields = fields(elf);
    if (genode) {
      fields.put(
          "genode", GenodeRules.check(elf).stream().map(GenodeRules.Finding::describe).toList());
    }
    if (json) {
      io.println(Json.line(fields));
      return;
    }
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      for (String value : lines(field.getValue())) {
        io.println(field.getKey() + " " + Printable.of(value));
      }
    }
  }

  private static List<String> lines(Object value) {
    return switch (value) {
      case List<?> values -> values.stream().map(String::valueOf).toList();
      case Map<?, ?> values ->
          values.entrySet().stream()
              .map(entry -> entry.getKey() + " " + String.join(" ", lines(entry.getValue())))
              .toList();
      default -> List.of(value.toString());
    };
  }

  private static Map<String, Object> fields(ElfFile elf) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", elf.type().name().toLowerCase(Locale.ROOT));
    fields.put("bits", elf.is64Bit() ? 64 : 32);
    fields.put("architecture", elf.architecture());
    fields.put("dynamic", elf.isDynamic());
    elf.interpreter().ifPresent(path -> fields.put("interpreter", path));
    elf.soname().ifPresent(name -> fields.put("soname", name));
    elf.rpath().ifPresent(path -> fields.put("rpath", path));
    elf.runpath().ifPresent(path -> fields.put("runpath", path));
    fields.put("needed", elf.needed());
    fields.put("versions", versions(elf));
    return fields;
  }

  private static Map<String, List<String>> versions(ElfFile elf) {
    Map<String, List<String>> versions = new LinkedHashMap<>();
    for (VersionNeed need : elf.versionNeeds()) {
      versions.put(need.file(), need.versions());
    }
    return versions;
  }
}
