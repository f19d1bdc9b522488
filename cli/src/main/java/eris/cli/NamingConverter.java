package eris.cli;

import eris.format.Manifest.Naming;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// `route`, `handle` or `urn`.
final class NamingConverter implements ITypeConverter<Naming> {
  @Override
  public Naming convert(String text) {
    return Naming.parse(text)
        .orElseThrow(
            () -> new TypeConversionException("'%s' is not route, handle or urn".formatted(text)));
  }
}
