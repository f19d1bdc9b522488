package eris.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A part of content, by the offsets of its first and last byte, as in HTTP.
///
/// @param to inclusive; the end of the content comes first
record ByteRange(long from, long to) {
  static final ByteRange ALL = new ByteRange(0, Long.MAX_VALUE - 1);
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(\\d{1,18})?");

  /// The bytes of content of `size` bytes that are in this range.
  long length(long size) {
    return Math.max(0, Math.min(to + 1, size) - from);
  }

  /// `0-99` or `100-`.
  static final class Converter implements ITypeConverter<ByteRange> {
    @Override
    public ByteRange convert(String text) {
      Matcher match = FORM.matcher(text);
      if (!match.matches()) {
        throw new TypeConversionException("'%s' is not FROM-TO, as in 0-99".formatted(text));
      }
      long from = Long.parseLong(match.group(1));
      long to = match.group(2) == null ? ALL.to() : Long.parseLong(match.group(2));
      if (to < from) {
        throw new TypeConversionException("'%s' ends before it begins".formatted(text));
      }
      return new ByteRange(from, to);
    }
  }
}
