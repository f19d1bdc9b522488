package eris;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/// All that is needed to read one piece of content. Whoever holds it can read, so it is a secret:
/// `toString` redacts the key, and only [#toUrn], [#toBytes] and [#toCbor] spell it out.
///
/// Binary form (ERIS 1.0.0, binary encoding of read capability), 66 bytes:
///
/// ```
/// 0        block size code   0x0a or 0x0f
/// 1        level             0 when the root is a leaf
/// 2..33    root reference
/// 34..65   root key
/// ```
public record ReadCapability(BlockSize blockSize, int level, ReferenceKeyPair root) {
  public static final int BYTES = 2 + ReferenceKeyPair.BYTES;
  static final int MAX_CODED_LEVEL = 255;
  private static final String URN_PREFIX = "urn:eris:";

  /// CBOR tag 276 ("ERIS binary read capability") and the head of a string of 66 bytes.
  private static final byte[] CBOR_HEAD = {(byte) 0xd9, 0x01, 0x14, 0x58, BYTES};

  public ReadCapability {
    Objects.requireNonNull(blockSize);
    Objects.requireNonNull(root);
    requireCodedLevel(level);
  }

  /// Parses the URN form (ERIS 1.0.0, URN). `urn:eris:` may be in any case (RFC 8141); after it come
  /// exactly 106 characters in their one spelling.
  ///
  /// @throws ErisException.MalformedCapability if `text` is anything else
  public static ReadCapability parse(String text) throws ErisException.MalformedCapability {
    return parse(decodeUrn(text, URN_PREFIX));
  }

  /// Parses the binary form.
  ///
  /// @throws ErisException.MalformedCapability if `bytes` is anything else
  public static ReadCapability parse(byte[] bytes) throws ErisException.MalformedCapability {
    if (bytes.length != BYTES) {
      throw new ErisException.MalformedCapability(
          "%d bytes, want %d".formatted(bytes.length, BYTES));
    }
    BlockSize blockSize =
        BlockSize.ofCode(bytes[0])
            .orElseThrow(
                () ->
                    new ErisException.MalformedCapability(
                        "unknown block size 0x%02x, want 0x0a or 0x0f".formatted(bytes[0])));
    return new ReadCapability(blockSize, bytes[1] & 0xff, rootOf(bytes));
  }

  /// Parses the CBOR form: tag 276 around the 66 bytes, and nothing after it.
  ///
  /// @throws ErisException.MalformedCapability if `bytes` is anything else
  public static ReadCapability parseCbor(byte[] bytes) throws ErisException.MalformedCapability {
    int head = CBOR_HEAD.length;
    if (bytes.length < head || !Arrays.equals(bytes, 0, head, CBOR_HEAD, 0, head)) {
      throw new ErisException.MalformedCapability(
          "no CBOR tag 276 around %d bytes".formatted(BYTES));
    }
    return parse(Arrays.copyOfRange(bytes, head, bytes.length));
  }

  /// The URN form. Print it to the user, never to a log.
  public String toUrn() {
    return URN_PREFIX + Base32.encode(toBytes());
  }

  /// The binary form.
  public byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    segment.set(JAVA_BYTE, 0, (byte) blockSize.code());
    segment.set(JAVA_BYTE, 1, (byte) level);
    root.writeTo(segment, 2);
    return bytes;
  }

  /// The CBOR form.
  public byte[] toCbor() {
    byte[] bytes = Arrays.copyOf(CBOR_HEAD, CBOR_HEAD.length + BYTES);
    System.arraycopy(toBytes(), 0, bytes, CBOR_HEAD.length, BYTES);
    return bytes;
  }

  /// The public name of this content.
  public Handle handle() {
    return new Handle(root.reference());
  }

  static byte[] decodeUrn(String text, String prefix) throws ErisException.MalformedCapability {
    if (!Urn.hasPrefix(text, prefix)) {
      throw new ErisException.MalformedCapability("does not start with " + prefix);
    }
    String digits = text.substring(prefix.length());
    int want = Base32.encodedLength(BYTES);
    if (digits.length() != want) {
      throw new ErisException.MalformedCapability(
          "%d characters after %s, want %d".formatted(digits.length(), prefix, want));
    }
    try {
      return Base32.decode(digits);
    } catch (Base32.MalformedException e) {
      throw new ErisException.MalformedCapability("after " + prefix + ", " + e.detail());
    }
  }

  static ReferenceKeyPair rootOf(byte[] bytes) {
    return ReferenceKeyPair.readFrom(MemorySegment.ofArray(bytes), 2);
  }

  static void requireCodedLevel(int level) {
    if (level < 0 || level > MAX_CODED_LEVEL) {
      throw new IllegalArgumentException(
          "level %d is outside 0..%d".formatted(level, MAX_CODED_LEVEL));
    }
  }
}
