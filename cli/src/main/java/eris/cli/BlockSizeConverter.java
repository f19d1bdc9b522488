package eris.cli;

import eris.BlockSize;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// `auto`, `1KiB` or `32KiB`.
final class BlockSizeConverter implements ITypeConverter<Optional<BlockSize>> {
  @Override
  public Optional<BlockSize> convert(String text) {
    return switch (text) {
      case "auto" -> Optional.empty();
      case "1KiB" -> Optional.of(BlockSize.KIB_1);
      case "32KiB" -> Optional.of(BlockSize.KIB_32);
      default ->
          throw new TypeConversionException("'%s' is not auto, 1KiB or 32KiB".formatted(text));
    };
  }
}
