package eris;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A read capability of a draft of ERIS: `urn:erisx2:` or `urn:erisx3:`. A secret, like every
/// capability.
///
/// The text does not always tell which draft it is of. `erisx2` shows by its first byte. `erisx3`
/// served three schemes that agree on content of a single block; for more, [#candidates] has all
/// three and the root node decides.
public record DraftCapability(
    List<Dialect> candidates, BlockSize blockSize, int level, ReferenceKeyPair root) {
  private static final String ERISX2 = "urn:erisx2:";
  private static final String ERISX3 = "urn:erisx3:";

  public DraftCapability {
    candidates = List.copyOf(candidates);
    Objects.requireNonNull(blockSize);
    Objects.requireNonNull(root);
    ReadCapability.requireCodedLevel(level);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("no dialect");
    }
  }

  /// Whether `text` claims to be of a draft, well-formed or not.
  public static boolean isDraft(String text) {
    return Urn.hasPrefix(text, ERISX2) || Urn.hasPrefix(text, ERISX3);
  }

  /// @throws ErisException.MalformedCapability if `text` is not a capability of a draft
  public static DraftCapability parse(String text) throws ErisException.MalformedCapability {
    boolean erisx2 = Urn.hasPrefix(text, ERISX2);
    byte[] bytes = ReadCapability.decodeUrn(text, erisx2 ? ERISX2 : ERISX3);
    int code = bytes[0] & 0xff;
    int level = bytes[1] & 0xff;
    ReferenceKeyPair root = ReadCapability.rootOf(bytes);
    Optional<BlockSize> early = erisx2 ? blockSizeOfV0_2_0(code) : Optional.empty();
    if (early.isPresent()) {
      return new DraftCapability(List.of(Dialect.V0_2_0), early.get(), level, root);
    }
    BlockSize blockSize =
        BlockSize.ofCode(code)
            .orElseThrow(
                () ->
                    new ErisException.MalformedCapability(
                        "unknown block size 0x%02x".formatted(code)));
    return new DraftCapability(
        erisx2 ? List.of(Dialect.V0_3_0) : ofErisx3(level), blockSize, level, root);
  }

  private static Optional<BlockSize> blockSizeOfV0_2_0(int code) {
    return switch (code) {
      case 0x00 -> Optional.of(BlockSize.KIB_1);
      case 0x01 -> Optional.of(BlockSize.KIB_32);
      default -> Optional.empty();
    };
  }

  private static List<Dialect> ofErisx3(int level) {
    return level == 0
        ? List.of(Dialect.V0_4_0)
        : List.of(Dialect.V0_4_0, Dialect.V0_4_0_MAY_2022, Dialect.V0_4_0_JANUARY_2022);
  }
}
