package eris.testkit;

import eris.store.BlockStore;
import eris.stores.DirectoryStore;
import eris.stores.RocksDbStore;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.stores.Writer;
import java.io.IOException;
import java.nio.file.Path;

/// A store as an argument of a test program: `rocksdb:PATH`, `volume:PATH` or `dir:PATH`.
final class StoreArgument {
  private StoreArgument() {}

  static BlockStore open(String argument) throws IOException {
    int colon = argument.indexOf(':');
    Path path = Path.of(argument.substring(colon + 1));
    return switch (argument.substring(0, Math.max(0, colon))) {
      case "dir" -> DirectoryStore.open(path);
      case "rocksdb" -> RocksDbStore.open(path);
      case "volume" -> VolumeStore.open(VolumePath.of(path), Writer.named("test"));
      default -> throw new IllegalArgumentException("no store for " + argument);
    };
  }
}
