package eris.server.blocks;

import eris.store.BlockStore;
import eris.stores.VolumeStat;
import eris.stores.VolumeStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What a store tells of itself at once. A volume keeps count; other stores would have to read all.
///
/// @param capacityBytes the most it may hold, if there is a limit
/// @param freeBytes that nothing is in; a store that grows has more
/// @param keeps who removes blocks from it
public record StoreFigures(
    long blocks,
    long bytes,
    OptionalLong capacityBytes,
    long freeBytes,
    long trash,
    long setAside,
    String keeps) {

  /// May wait for the store.
  ///
  /// @return empty if it tells nothing
  public static Optional<StoreFigures> of(BlockStore store) {
    try {
      return store instanceof VolumeStore volume
          ? Optional.of(of(volume.stat()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // the next request tells what is wrong
    }
  }

  /// As the console tells them.
  public Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("blocks", blocks);
    fields.put("bytes", bytes);
    fields.put("capacityBytes", capacityBytes.isPresent() ? capacityBytes.getAsLong() : null);
    fields.put("trash", trash);
    fields.put("setAside", setAside);
    fields.put("keeps", keeps);
    return fields;
  }

  private static StoreFigures of(VolumeStat stat) {
    OptionalLong quota = stat.retention().quotaBytes();
    OptionalLong size = stat.grows() ? OptionalLong.empty() : OptionalLong.of(stat.sizeBytes());
    return new StoreFigures(
        stat.smallBlocks() + stat.largeBlocks(),
        stat.usedBytes(),
        quota.isPresent() ? quota : size,
        stat.freeBytes(),
        stat.trashBlocks(),
        stat.badBlocks(),
        stat.retention().mode().name().toLowerCase(Locale.ROOT));
  }
}
