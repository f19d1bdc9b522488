package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class ManPagesTest {
  private static final Path MAN = Path.of(System.getProperty("eris.root"), "docs", "man");

  @Test
  void thePagesInTheRepositoryAreThoseOfThisCommandLine() throws IOException {
    Map<String, String> pages = ManPages.all(Main.commandLine());
    if (Boolean.getBoolean("eris.manpages.write")) {
      write(pages);
    }
    assertThat(committed()).isEqualTo(pages);
  }

  @Test
  void everyOptionIsInThePageAndInTheCompletion() {
    CommandLine root = Main.commandLine();
    String completion = picocli.AutoComplete.bash("eris", root);
    Map<String, String> pages = ManPages.all(root);
    for (CommandLine command : below(root)) {
      String page = pages.get(command.getCommandSpec().qualifiedName("-") + ".1");
      command.getCommandSpec().options().stream()
          .flatMap(option -> Stream.of(option.names()))
          .forEach(
              option -> {
                assertThat(completion).contains(option);
                assertThat(page).contains(option.replace("-", "\\-"));
              });
    }
  }

  private static List<CommandLine> below(CommandLine command) {
    return command.getSubcommands().values().stream()
        .flatMap(inner -> Stream.concat(Stream.of(inner), below(inner).stream()))
        .toList();
  }

  private static void write(Map<String, String> pages) throws IOException {
    Files.createDirectories(MAN);
    for (Map.Entry<String, String> page : pages.entrySet()) {
      Files.writeString(MAN.resolve(page.getKey()), page.getValue());
    }
  }

  private static Map<String, String> committed() throws IOException {
    Map<String, String> pages = new TreeMap<>();
    try (Stream<Path> files = Files.list(MAN)) {
      for (Path file : files.toList()) {
        pages.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return pages;
  }
}
