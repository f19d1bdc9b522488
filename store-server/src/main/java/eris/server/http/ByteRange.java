package eris.server.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A part of a body (RFC 9110, section 14).
///
/// @param from the first byte, counted from 0
/// @param length of at least a byte
record ByteRange(long from, long length) {
  private static final Pattern SINGLE = Pattern.compile("(?i)bytes=\\s*(\\d*)-(\\d*)\\s*");
  private static final int MOST_DIGITS = 18;

  /// What a header says.
  sealed interface Wish {
    /// There is none that counts: all is wanted. So it is with several ranges, which a server may
    /// leave aside, and with what is no range.
    record All() implements Wish {}

    /// That much.
    record Part(ByteRange range) implements Wish {}

    /// Something that is not there.
    record Beyond() implements Wish {}
  }

  /// What `Range` says about a body of `size` bytes.
  static Wish parse(Optional<String> header, long size) {
    Matcher matcher = SINGLE.matcher(header.orElse(""));
    if (!matcher.matches()) {
      return new Wish.All();
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    if (first.isEmpty() && last.isEmpty() || isBackwards(first, last)) {
      return new Wish.All();
    }
    return first.isEmpty() ? suffix(number(last), size) : from(number(first), last, size);
  }

  private static boolean isBackwards(String first, String last) {
    return !first.isEmpty() && !last.isEmpty() && number(last) < number(first);
  }

  private static Wish suffix(long bytes, long size) {
    long length = Math.min(bytes, size);
    return length == 0 ? new Wish.Beyond() : new Wish.Part(new ByteRange(size - length, length));
  }

  private static Wish from(long first, String last, long size) {
    if (first >= size) {
      return new Wish.Beyond();
    }
    long end = last.isEmpty() ? size - 1 : Math.min(number(last), size - 1);
    return new Wish.Part(new ByteRange(first, end - first + 1));
  }

  /// What is larger than any content is as good as the largest number.
  private static long number(String digits) {
    return digits.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  /// As `Content-Range` tells it of a body of `size` bytes.
  String contentRange(long size) {
    return "bytes %d-%d/%d".formatted(from, from + length - 1, size);
  }
}
