package eris.stores;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/// Where a volume is: a file or block device, or a partition in it.
///
/// @param partition the own GUID of a GPT partition
public record VolumePath(Path path, Optional<UUID> partition) {
  public static VolumePath of(Path path) {
    return new VolumePath(path, Optional.empty());
  }

  /// As in a URL of a store.
  @Override
  public String toString() {
    return "volume:" + path + partition.map(guid -> "?partition=" + guid).orElse("");
  }
}
