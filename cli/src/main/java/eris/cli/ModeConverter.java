package eris.cli;

import eris.store.Retention.Mode;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// What a store may remove: `archive`, `leased` or `cache`.
final class ModeConverter implements ITypeConverter<Mode> {
  /// For the completion of shells.
  static final class Candidates implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return names().iterator();
    }
  }

  private static List<String> names() {
    return Arrays.stream(Mode.values()).map(ModeConverter::name).toList();
  }

  private static String name(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Mode convert(String text) {
    return Arrays.stream(Mode.values())
        .filter(mode -> name(mode).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' is no mode, want archive, leased or cache".formatted(text)));
  }
}
