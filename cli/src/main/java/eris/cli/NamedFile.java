package eris.cli;

import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A file with the name it shall have: `NAME=FILE`.
record NamedFile(String name, Path file) {
  static final class Converter implements ITypeConverter<NamedFile> {
    @Override
    public NamedFile convert(String text) {
      int equals = text.indexOf('=');
      if (equals < 1 || equals == text.length() - 1) {
        throw new TypeConversionException("'%s' is not NAME=FILE".formatted(text));
      }
      return new NamedFile(text.substring(0, equals), Path.of(text.substring(equals + 1)));
    }
  }
}
