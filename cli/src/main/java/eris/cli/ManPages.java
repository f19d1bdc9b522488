package eris.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The manual pages in roff, one per command, from the same model as `--help`.
final class ManPages {
  private static final Map<String, String> ENVIRONMENT =
      new TreeMap<>(
          Map.of(
              "ERIS_STORE_URL", "Stores, separated by blanks, where --store names none.",
              "XDG_DATA_HOME",
                  "The embedded store is in eris under it, pins in eris-pins; default ~/.local/share.",
              "XDG_CONFIG_HOME",
                  "Accounts are in eris/access under it, tokens in eris/tokens; default ~/.config.",
              "XDG_STATE_HOME", "How far scrubs of volumes got; default ~/.local/state.",
              "ERIS_KERNEL", "The kernel: auto, scalar, vector128, vector256 or vector512.",
              "ERIS_JAVA_HOME", "The JDK to run on.",
              "ERIS_JAVA_OPTS", "More options for Java, as in -Xmx64m."));

  private ManPages() {}

  /// File names and their text.
  static SortedMap<String, String> all(CommandLine root) {
    SortedMap<String, String> pages = new TreeMap<>();
    pages.put(root.getCommandSpec().qualifiedName("-") + ".1", page(root));
    root.getSubcommands().values().forEach(command -> pages.putAll(all(command)));
    return pages;
  }

  private static String page(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    String name = spec.qualifiedName("-");
    var roff = new StringBuilder();
    roff.append(".TH ").append(quoted(name.toUpperCase(Locale.ROOT))).append(" 1\n");
    section(roff, "NAME", escaped(name) + " \\- " + escaped(description(spec)));
    section(roff, "SYNOPSIS", escaped(synopsis(spec)));
    section(roff, "DESCRIPTION", escaped(description(spec) + "\n" + footer(spec)));
    section(roff, "OPTIONS", arguments(spec));
    if (!command.getSubcommands().isEmpty()) {
      section(roff, "COMMANDS", commands(command));
    }
    section(roff, "EXIT STATUS", exitStatus());
    section(roff, "ENVIRONMENT", items(ENVIRONMENT));
    return roff.toString();
  }

  private static void section(StringBuilder roff, String title, String text) {
    roff.append(".SH ").append(title).append('\n').append(text.strip()).append('\n');
  }

  private static String description(CommandSpec spec) {
    return String.join(" ", spec.usageMessage().description());
  }

  private static String footer(CommandSpec spec) {
    return String.join("\n", spec.usageMessage().footer()).replace("%n", "");
  }

  private static String synopsis(CommandSpec spec) {
    String text = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF)).synopsis(0);
    return text.strip().replaceAll("\\s+", " ");
  }

  private static String arguments(CommandSpec spec) {
    Map<String, String> texts = new java.util.LinkedHashMap<>();
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      texts.put(parameter.paramLabel(), text(parameter));
    }
    for (OptionSpec option : spec.options()) {
      String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
      texts.put(String.join(", ", option.names()) + value, text(option));
    }
    return items(texts);
  }

  private static String text(ArgSpec argument) {
    return String.join(" ", argument.description());
  }

  private static String commands(CommandLine root) {
    Map<String, String> texts = new TreeMap<>();
    root.getSubcommands()
        .forEach(
            (_, command) -> {
              CommandSpec spec = command.getCommandSpec();
              texts.put(spec.qualifiedName(), description(spec));
            });
    return items(texts);
  }

  private static String exitStatus() {
    return items(
        Arrays.stream(ExitCode.values())
            .collect(
                Collectors.toMap(
                    code -> String.valueOf(code.number()),
                    ExitCode::meaning,
                    (a, _) -> a,
                    java.util.LinkedHashMap::new)));
  }

  private static String items(Map<String, String> texts) {
    return texts.entrySet().stream()
        .map(
            item ->
                ".TP\n\\fB%s\\fR\n%s".formatted(escaped(item.getKey()), escaped(item.getValue())))
        .collect(Collectors.joining("\n"));
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  /// Roff reads a backslash anywhere, and a dot or an apostrophe at the start of a line.
  private static String escaped(String text) {
    List<String> lines = text.lines().map(ManPages::escapedLine).toList();
    return String.join("\n", lines);
  }

  private static String escapedLine(String line) {
    String text = line.replace("\\", "\\e").replace("-", "\\-");
    return text.startsWith(".") || text.startsWith("'") ? "\\&" + text : text;
  }
}
