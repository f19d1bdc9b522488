package eris.format;

import eris.ErisException;
import eris.ReadCapability;
import eris.cbor.Cbor;
import eris.cbor.CborException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/// A read capability and what one should know before following it (EER linkfile;
/// docs/formats/link.md): files of the type `application/x-eris-link+cbor`, `*.eris`.
///
/// What it says beside the capability is a claim of whoever made it.
///
/// As secret as the capability: `toString` redacts.
///
/// @param size of the content in bytes
/// @param mime the media type of the content
/// @param attributes whatever else; none are defined
public record LinkFile(ReadCapability content, long size, String mime, Cbor.Map attributes) {
  private static final long SELF_DESCRIBED_TAG = 55799;
  private static final byte[] HEAD = {(byte) 0xd9, (byte) 0xd9, (byte) 0xf7, (byte) 0x84};

  /// Nothing needs more, and a reader can bound what it takes.
  public static final int MAX_BYTES = 1 << 16;

  private static final int MAX_MIME_CHARACTERS = 255;

  /// @throws IllegalArgumentException if the size is negative, the type is not of printable ASCII
  ///     characters or too long, or the whole is longer than [#MAX_BYTES]
  public LinkFile {
    Objects.requireNonNull(content);
    Objects.requireNonNull(attributes);
    if (size < 0) {
      throw new IllegalArgumentException("size %d is negative".formatted(size));
    }
    if (!isMime(mime)) {
      throw new IllegalArgumentException("the media type is not 1 to 255 characters of ASCII");
    }
    if (encode(content, size, mime, attributes).length > MAX_BYTES) {
      throw new IllegalArgumentException("a link is at most %d bytes".formatted(MAX_BYTES));
    }
  }

  private static boolean isMime(String mime) {
    return !mime.isEmpty()
        && mime.length() <= MAX_MIME_CHARACTERS
        && mime.chars().allMatch(c -> c > ' ' && c < 0x7f || c == ' ');
  }

  /// Bytes that are not a link file. The message holds no capability.
  public static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedException(String detail) {
      super("malformed link: " + detail);
    }

    MalformedException(IOException cause) {
      super("malformed link: " + cause.getMessage(), cause);
    }
  }

  /// Whether `bytes` start as link files do; those of no other format of ours, nor any text, do.
  public static boolean isLink(byte[] bytes) {
    return bytes.length >= HEAD.length
        && java.util.Arrays.equals(bytes, 0, HEAD.length, HEAD, 0, HEAD.length);
  }

  /// Decodes the form that [#encode] gives, and no other.
  ///
  /// @throws MalformedException if `encoded` is anything else
  public static LinkFile decode(byte[] encoded) throws MalformedException {
    if (encoded.length > MAX_BYTES) {
      throw new MalformedException("more than %d bytes".formatted(MAX_BYTES));
    }
    if (parse(encoded) instanceof Cbor.Tag(long number, Cbor.Array(List<Cbor> parts))
        && number == SELF_DESCRIBED_TAG
        && parts.size() == 4) {
      return of(parts);
    }
    throw new MalformedException("no tag %d around an array of 4".formatted(SELF_DESCRIBED_TAG));
  }

  private static Cbor parse(byte[] encoded) throws MalformedException {
    try {
      return Cbor.decode(encoded);
    } catch (CborException e) {
      throw new MalformedException(e);
    }
  }

  private static LinkFile of(List<Cbor> parts) throws MalformedException {
    ReadCapability content = capability(parts.get(0));
    if (!(parts.get(1) instanceof Cbor.Int(long size)) || size < 0) {
      throw new MalformedException("a size that is no number of bytes");
    }
    if (!(parts.get(2) instanceof Cbor.Text(String mime)) || !isMime(mime)) {
      throw new MalformedException("a media type that is not 1 to 255 characters of ASCII");
    }
    if (!(parts.get(3) instanceof Cbor.Map attributes)) {
      throw new MalformedException("attributes that are no map");
    }
    return new LinkFile(content, size, mime, attributes);
  }

  private static ReadCapability capability(Cbor item) throws MalformedException {
    if (item instanceof Cbor.Tag(long number, Cbor.Bytes bytes)
        && number == ErisFs.CAPABILITY_TAG) {
      try {
        return ReadCapability.parse(bytes.toArray());
      } catch (ErisException.MalformedCapability e) {
        throw new MalformedException(e);
      }
    }
    throw new MalformedException("no tag %d around a byte string".formatted(ErisFs.CAPABILITY_TAG));
  }

  /// The deterministic encoding. Holds the capability in the clear.
  public byte[] encode() {
    return encode(content, size, mime, attributes);
  }

  private static byte[] encode(
      ReadCapability content, long size, String mime, Cbor.Map attributes) {
    return new Cbor.Tag(
            SELF_DESCRIBED_TAG,
            Cbor.Array.of(
                new Cbor.Tag(ErisFs.CAPABILITY_TAG, Cbor.Bytes.copyOf(content.toBytes())),
                new Cbor.Int(size),
                new Cbor.Text(mime),
                attributes))
        .encode();
  }

  @Override
  public String toString() {
    return "LinkFile[%d bytes of %s, redacted]".formatted(size, mime);
  }
}
