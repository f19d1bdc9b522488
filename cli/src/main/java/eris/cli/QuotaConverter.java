package eris.cli;

import java.util.OptionalLong;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A number of bytes, or `none`.
final class QuotaConverter implements ITypeConverter<OptionalLong> {
  @Override
  public OptionalLong convert(String text) {
    if (text.equals("none")) {
      return OptionalLong.empty();
    }
    long bytes = new SizeConverter().convert(text);
    if (bytes == 0) {
      throw new TypeConversionException("a quota is at least 1 byte");
    }
    return OptionalLong.of(bytes);
  }
}
