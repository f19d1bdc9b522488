package eris.stores.coap;

import java.util.Optional;

/// A part of a body that is sent in several messages (RFC 7959, options Block1 and Block2).
///
/// @param index counts parts of [#unitBytes]
/// @param more whether others follow
/// @param sizeExponent 0 to 6 for 16 to 1024 bytes; 7 for any multiple of 1024 (RFC 8323, BERT)
public record Part(int index, boolean more, int sizeExponent) {
  /// The size exponent of the largest part that fits a datagram.
  public static final int KIB_1 = 6;

  public static final int BERT = 7;

  private static final int MAX_OPTION_BYTES = 3;
  private static final int MAX_INDEX = 0xfffff;

  public Part {
    if (index < 0 || index > MAX_INDEX || sizeExponent < 0 || sizeExponent > BERT) {
      throw new IllegalArgumentException("no part of a body");
    }
  }

  /// The part that `message` has or wants, by its option `number`.
  ///
  /// @throws MalformedMessage if that is longer than such options are
  public static Optional<Part> of(CoapMessage message, int number) throws MalformedMessage {
    Optional<CoapOption> option = message.options().first(number);
    if (option.isEmpty()) {
      return Optional.empty();
    }
    if (option.get().lengthBytes() > MAX_OPTION_BYTES) {
      throw new MalformedMessage("a part's option of more than 3 bytes");
    }
    int value = Math.toIntExact(option.get().uint().orElseThrow());
    return Optional.of(new Part(value >>> 4, (value & 8) != 0, value & 7));
  }

  public CoapOption toOption(int number) {
    return CoapOption.uint(number, (long) index << 4 | (more ? 8 : 0) | sizeExponent);
  }

  public int unitBytes() {
    return 16 << Math.min(sizeExponent, KIB_1);
  }

  /// Where in the body it begins.
  public long offsetBytes() {
    return (long) index * unitBytes();
  }

  /// Whether a payload of `bytes` can be this part: all but the last one are full.
  public boolean allows(long bytes) {
    boolean whole = sizeExponent == BERT ? bytes % unitBytes() == 0 : bytes == unitBytes();
    return more ? bytes > 0 && whole : sizeExponent == BERT || bytes <= unitBytes();
  }
}
