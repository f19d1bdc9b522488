package eris.cli;

import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.store.StoreException;
import eris.stores.DirectoryStore;
import eris.stores.HttpStore;
import eris.stores.LayeredStore;
import eris.stores.RocksDbStore;
import eris.stores.StoreUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Opens the stores that a command works on, each with no more rights than it needs: a reader never
/// waits for a writer.
final class Stores {
  private final Io io;
  private final boolean quiet;

  Stores(Io io, boolean quiet) {
    this.io = io;
    this.quiet = quiet;
  }
}
