package eris.cli;

import eris.retention.Pin;
import eris.retention.Pins;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `eris pin rm`.
@Command(
    name = "rm",
    description = "Take pins away.",
    footer = "%nBlocks that no pin needs any longer go with the next eris store gc.")
final class PinRmCommand extends ErisCommand {
  @Mixin PinOptions pins = new PinOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME|HANDLE",
      description = "Names or handles, as eris pin ls prints them.")
  List<String> names = new ArrayList<>();

  @Override
  void run(Io io) throws Exception {
    List<String> unknown = new ArrayList<>();
    pins.open(io)
        .update(
            before -> {
              unknown.clear();
              names.stream()
                  .filter(name -> before.pins().stream().noneMatch(pin -> isCalled(pin, name)))
                  .forEach(unknown::add);
              return unknown.isEmpty() ? Optional.of(without(before)) : Optional.empty();
            },
            new Stores(io, common.quiet).writer());
    if (!unknown.isEmpty()) {
      throw new Failure(ExitCode.MISSING, "no pin is called " + unknown.getFirst());
    }
  }

  private Pins without(Pins before) {
    return before.without(pin -> names.stream().anyMatch(name -> isCalled(pin, name)));
  }

  private static boolean isCalled(Pin pin, String name) {
    return !name.isEmpty()
        && (pin.name().equals(name) || pin.capability().handle().toString().equals(name));
  }
}
