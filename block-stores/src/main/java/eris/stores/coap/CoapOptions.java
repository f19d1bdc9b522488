package eris.stores.coap;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// The options of a message, by ascending number; those of one number in their order.
///
/// On the wire each has its number less that before, and its length (RFC 7252, section 3.1): four
/// bits of each in one byte, of which 13 and 14 stand for one and two further bytes, and 15 marks
/// the payload.
public record CoapOptions(List<CoapOption> all) {
  public static final CoapOptions NONE = new CoapOptions(List.of());

  private static final byte PAYLOAD_MARKER = (byte) 0xff;
  private static final int ONE_BYTE = 13;
  private static final int TWO_BYTES = 14;
  private static final int FROM_TWO_BYTES = 269;
  private static final int MAX_NUMBER = 0xffff;

  /// More than any message has that means us: what comes is read into memory.
  static final int MAX_COUNT = 64;

  static final int MAX_VALUE_BYTES = 1034; // of Proxy-Uri, the longest there is

  public CoapOptions {
    all = List.copyOf(all);
    if (!isAscending(all)) {
      all = all.stream().sorted(Comparator.comparingInt(CoapOption::number)).toList();
    }
  }

  public static CoapOptions of(CoapOption... options) {
    return new CoapOptions(List.of(options));
  }

  private static boolean isAscending(List<CoapOption> options) {
    int before = 0;
    for (CoapOption option : options) {
      if (option.number() < before) {
        return false;
      }
      before = option.number();
    }
    return true;
  }

  /// Reads all options, and the mark behind them if a payload follows.
  static CoapOptions readFrom(ByteBuffer source) throws MalformedMessage {
    if (!source.hasRemaining()) {
      return NONE;
    }
    List<CoapOption> options = new ArrayList<>(8);
    int number = 0;
    while (source.hasRemaining()) {
      byte head = source.get();
      if (head == PAYLOAD_MARKER) {
        require(source.hasRemaining(), "no payload behind the mark of one");
        break;
      }
      number += extended(head >>> 4 & 0xf, source);
      int length = extended(head & 0xf, source);
      require(number <= MAX_NUMBER, "an option's number is above 65535");
      require(length <= MAX_VALUE_BYTES, "an option is too long");
      require(length <= source.remaining(), "ends in an option");
      require(options.size() < MAX_COUNT, "more than 64 options");
      byte[] value = new byte[length];
      source.get(value);
      options.add(CoapOption.owning(number, value));
    }
    return new CoapOptions(options);
  }

  private static int extended(int nibble, ByteBuffer source) throws MalformedMessage {
    return switch (nibble) {
      case ONE_BYTE -> {
        require(source.remaining() >= 1, "ends in an option");
        yield ONE_BYTE + Byte.toUnsignedInt(source.get());
      }
      case TWO_BYTES -> {
        require(source.remaining() >= 2, "ends in an option");
        yield FROM_TWO_BYTES + Short.toUnsignedInt(source.getShort());
      }
      case 15 -> throw new MalformedMessage("an option with a length or number that is reserved");
      default -> nibble;
    };
  }

  private static void require(boolean sound, String otherwise) throws MalformedMessage {
    if (!sound) {
      throw new MalformedMessage(otherwise);
    }
  }

  /// How much [#writeTo] writes.
  int encodedBytes() {
    int bytes = 0;
    int before = 0;
    for (CoapOption option : all) {
      bytes += 1 + extensionBytes(option.number() - before);
      bytes += extensionBytes(option.lengthBytes()) + option.lengthBytes();
      before = option.number();
    }
    return bytes;
  }

  void writeTo(ByteBuffer target) {
    int before = 0;
    for (CoapOption option : all) {
      int delta = option.number() - before;
      int length = option.lengthBytes();
      target.put((byte) (nibble(delta) << 4 | nibble(length)));
      writeExtension(delta, target);
      writeExtension(length, target);
      target.put(option.bytes());
      before = option.number();
    }
  }

  static void writePayloadMarker(ByteBuffer target) {
    target.put(PAYLOAD_MARKER);
  }

  private static int nibble(int value) {
    return value < ONE_BYTE ? value : value < FROM_TWO_BYTES ? ONE_BYTE : TWO_BYTES;
  }

  private static int extensionBytes(int value) {
    return Math.max(0, nibble(value) - ONE_BYTE + 1);
  }

  private static void writeExtension(int value, ByteBuffer target) {
    switch (nibble(value)) {
      case ONE_BYTE -> target.put((byte) (value - ONE_BYTE));
      case TWO_BYTES -> target.putShort((short) (value - FROM_TWO_BYTES));
      default -> {}
    }
  }

  public Optional<CoapOption> first(int number) {
    for (CoapOption option : all) {
      if (option.number() == number) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }

  public boolean has(int number) {
    return first(number).isPresent();
  }

  /// The first one's value as a number; empty too if it is no number.
  public OptionalLong uint(int number) {
    Optional<CoapOption> option = first(number);
    return option.isPresent() ? option.get().uint() : OptionalLong.empty();
  }

  public List<CoapOption> all(int number) {
    List<CoapOption> found = new ArrayList<>(4);
    for (CoapOption option : all) {
      if (option.number() == number) {
        found.add(option);
      }
    }
    return found;
  }

  /// Those, and `option` in the place of all with its number.
  public CoapOptions with(CoapOption option) {
    return edited(
        options -> {
          options.removeIf(each -> each.number() == option.number());
          options.add(option);
        });
  }

  private CoapOptions edited(Consumer<List<CoapOption>> edit) {
    List<CoapOption> options = new ArrayList<>(all);
    edit.accept(options);
    return new CoapOptions(options);
  }
}
