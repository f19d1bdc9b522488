package eris.cli;

import eris.retention.Pin;
import eris.retention.Pins;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `eris pin ls`.
@Command(name = "ls", description = "List the pins: handle, name and note of each.")
final class PinLsCommand extends ErisCommand {
  @Mixin PinOptions pins = new PinOptions();

  @Option(
      names = "--show-capabilities",
      description = "Print the capability of each, with which anybody can read the content.")
  boolean showCapabilities;

  @Override
  void run(Io io) throws Exception {
    Optional<Pins> all = pins.open(io).read();
    if (all.isPresent()) {
      for (Pin pin : all.get().pins()) {
        print(pin, io);
      }
    }
  }

  private void print(Pin pin, Io io) throws IOException {
    boolean recursive = pin.scope() == Pin.Scope.DIRECTORY;
    if (common.json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("name", pin.name());
      fields.put("note", pin.note());
      fields.put("recursive", recursive);
      fields.put("handle", pin.capability().handle().toString());
      if (showCapabilities) {
        fields.put("urn", pin.capability().toUrn());
      }
      io.println(Json.line(fields));
    } else {
      String what =
          showCapabilities ? pin.capability().toUrn() : pin.capability().handle().toString();
      String text = "%s  %s%s  %s".formatted(what, pin.name(), recursive ? "/" : "", pin.note());
      io.println(text.stripTrailing());
    }
  }
}
