package eris.cli;

import eris.BlockSize;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// What `--block-size` says.
///
/// @param fixed empty: the size of the content decides
record BlockSizeChoice(Optional<BlockSize> fixed) {
  static final BlockSizeChoice AUTO = new BlockSizeChoice(Optional.empty());

  /// `auto`, `1KiB` or `32KiB`.
  static final class Converter implements ITypeConverter<BlockSizeChoice> {
    @Override
    public BlockSizeChoice convert(String text) {
      return switch (text) {
        case "auto" -> AUTO;
        case "1KiB" -> new BlockSizeChoice(Optional.of(BlockSize.KIB_1));
        case "32KiB" -> new BlockSizeChoice(Optional.of(BlockSize.KIB_32));
        default ->
            throw new TypeConversionException("'%s' is not auto, 1KiB or 32KiB".formatted(text));
      };
    }
  }
}
