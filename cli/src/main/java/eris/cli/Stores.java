package eris.cli;

import eris.store.BlockInventory;
import eris.store.BlockStore;
import eris.store.CollectableStore;
import eris.store.MemoryBlockStore;
import eris.store.ScrubbableStore;
import eris.store.StoreException;
import eris.stores.AccessToken;
import eris.stores.ArchiveStore;
import eris.stores.DirectoryStore;
import eris.stores.HeldByDaemon;
import eris.stores.HttpStore;
import eris.stores.LayeredStore;
import eris.stores.MalformedStoreUrl;
import eris.stores.Right;
import eris.stores.RocksDbStore;
import eris.stores.ScrubCursor;
import eris.stores.StoreUrl;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.stores.Writer;
import eris.stores.coap.CoapStore;
import eris.stores.daemon.DaemonStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Opens the stores that a command works on, each with no more access than it needs: who only reads
/// never waits for a writer.
final class Stores {
  private static final Set<Right> GET_AND_PUT = Set.of(Right.GET, Right.PUT);

  /// What every RocksDB store has.
  private static final String ROCKSDB_MARK = "CURRENT";

  /// Names the file with the key for `coaps:` servers, where their URL does not.
  private static final String COAP_KEY_FILE = "ERIS_COAP_PSK_FILE";

  private final Io io;
  private final boolean quiet;
  private final Writer writer;

  private enum Access {
    READ,
    /// To put blocks, and whatever else a daemon lets others do that holds the store.
    PUT,
    /// The store itself.
    WRITE
  }

  Stores(Io io, boolean quiet) {
    this(io, quiet, Writer.named("eris"));
  }

  private Stores(Io io, boolean quiet, Writer writer) {
    this.io = io;
    this.quiet = quiet;
    this.writer = writer.telling(holder -> io.note("waiting for " + holder + " to finish writing"));
  }

  /// Those that a daemon holds, which takes blocks for them at a socket.
  static Stores ofDaemon(Io io, boolean quiet, Optional<Path> socket) {
    Writer daemon = Writer.named("eris serve");
    return new Stores(io, quiet, socket.map(daemon::listeningAt).orElse(daemon));
  }

  /// Opens the stores that blocks can be got from. Without any named, the embedded one; it is empty
  /// as long as nothing was put.
  BlockStore openForReading(Optional<List<StoreUrl>> named) throws IOException, Failure {
    if (named.isEmpty() && isMissing(embedded())) {
      return new MemoryBlockStore();
    }
    List<StoreUrl> urls =
        named.orElseGet(() -> List.of(embedded())).stream()
            .filter(url -> url.rights().contains(Right.GET))
            .toList();
    if (urls.isEmpty()) {
      throw new Failure(ExitCode.STORE, "no store may be read", "name one with the right ?get");
    }
    return openAll(urls, Access.READ);
  }

  /// Opens the stores that take blocks. Without any named, the embedded one, created if need be.
  BlockStore openForWriting(Optional<List<StoreUrl>> named) throws IOException, Failure {
    return openAll(takingBlocks(named), Access.PUT);
  }

  /// Opens those stores and nothing instead of them, as a daemon has to.
  BlockStore openToServe(Optional<List<StoreUrl>> named) throws IOException, Failure {
    return openAll(takingBlocks(named), Access.WRITE);
  }

  /// The stores that take blocks, of those named or, without any, the embedded one.
  List<StoreUrl> takingBlocks(Optional<List<StoreUrl>> named) throws Failure {
    List<StoreUrl> urls =
        named.orElseGet(() -> List.of(embedded())).stream()
            .filter(url -> url.rights().contains(Right.PUT))
            .toList();
    if (urls.isEmpty()) {
      throw new Failure(ExitCode.STORE, "no store takes blocks", "name one with the right ?put");
    }
    return urls;
  }

  /// Opens one store to read from it.
  BlockStore openForReading(StoreUrl url) throws IOException, Failure {
    return openForReading(Optional.of(List.of(url)));
  }

  /// Opens one store to put blocks into it.
  BlockStore openForWriting(StoreUrl url) throws IOException, Failure {
    return openForWriting(Optional.of(List.of(url)));
  }

  /// The store at `url`; the embedded one if that is empty.
  StoreUrl parse(String url) throws MalformedStoreUrl {
    return url.isEmpty() ? embedded() : StoreUrl.parse(url);
  }

  /// The one store that a command works on. Without any named, the embedded one.
  StoreUrl local(Optional<List<StoreUrl>> named) throws Failure {
    List<StoreUrl> urls = named.orElseGet(() -> List.of(embedded()));
    if (urls.size() != 1) {
      throw new Failure(
          ExitCode.USAGE, "want one local store, %d are named".formatted(urls.size()));
    }
    return urls.getFirst();
  }

  /// Opens a store for all that the rights in `needed` stand for. The embedded one is empty as long
  /// as nothing was put.
  BlockStore open(StoreUrl url, Set<Right> needed) throws IOException, Failure {
    for (Right right : needed) {
      if (!url.rights().contains(right)) {
        throw new Failure(
            ExitCode.STORE,
            "store %s has no right %s".formatted(url, right.name().toLowerCase(Locale.ROOT)));
      }
    }
    if (needed.contains(Right.PUT)) {
      return openAll(List.of(url), Access.PUT);
    }
    return url.equals(embedded()) && isMissing(url)
        ? new MemoryBlockStore()
        : openAll(List.of(url), Access.READ);
  }

  /// Opens a store to mend what is in it.
  ScrubbableStore openForCare(StoreUrl url) throws IOException {
    if (!url.rights().contains(Right.PUT)) {
      throw new StoreException.ReadOnly(url.toString());
    }
    return (ScrubbableStore) open(url, Access.WRITE);
  }

  /// Opens a store, which is there already, to remove from it what nobody wants.
  ///
  /// @throws Failure if it is of a kind that removes nothing
  CollectableStore openForCollection(StoreUrl url) throws IOException, Failure {
    if (url instanceof StoreUrl.Volume) {
      openForReading(url).close(); // opening to write would create it
      BlockStore store = openAll(takingBlocks(Optional.of(List.of(url))), Access.WRITE);
      if (store instanceof CollectableStore collectable) {
        return collectable;
      }
      store.close();
    }
    throw new Failure(
        ExitCode.USAGE,
        "store %s cannot be collected, only volumes can".formatted(url),
        "copy what is in it: eris store copy %s volume:///PATH".formatted(url));
  }

  /// @throws Failure if the store cannot tell what it holds
  static BlockInventory inventory(BlockStore store, StoreUrl url) throws Failure {
    if (store instanceof BlockInventory inventory) {
      return inventory;
    }
    throw new Failure(ExitCode.USAGE, "store %s cannot tell what it holds".formatted(url));
  }

  /// @throws Failure if the store cannot be mended from here
  static ScrubbableStore scrubbable(BlockStore store, StoreUrl url) throws Failure {
    if (store instanceof ScrubbableStore scrubbable) {
      return scrubbable;
    }
    throw new Failure(
        ExitCode.USAGE,
        "store %s cannot be scrubbed, want dir:, rocksdb: or volume:".formatted(url));
  }

  /// Where it is kept how far a scrub got: in the directory of the store or, of a volume, in the
  /// user's own one.
  ScrubCursor scrubCursor(BlockStore store, StoreUrl url) {
    return switch (url) {
      case StoreUrl.RocksDb(Path path, Set<Right> _) -> ScrubCursor.in(path);
      case StoreUrl.Directory(Path path, Set<Right> _) -> ScrubCursor.in(path);
      case StoreUrl.Volume _ when store instanceof VolumeStore volume ->
          ScrubCursor.at(
              io.xdg("XDG_STATE_HOME", Path.of(".local", "state"))
                  .resolve("eris")
                  .resolve("scrub")
                  .resolve(volume.id().toString()));
      case StoreUrl.Archive _,
          StoreUrl.Memory _,
          StoreUrl.Http _,
          StoreUrl.Coap _,
          StoreUrl.Volume _ ->
          throw new IllegalArgumentException("no place for a cursor");
    };
  }

  /// The space that a store takes on a disk of this machine.
  static OptionalLong spaceUsed(StoreUrl url) throws IOException {
    return switch (url) {
      case StoreUrl.RocksDb(Path path, Set<Right> _) -> OptionalLong.of(DiskUsage.of(path));
      case StoreUrl.Directory(Path path, Set<Right> _) -> OptionalLong.of(DiskUsage.of(path));
      case StoreUrl.Archive(Path path, Set<Right> _) -> OptionalLong.of(DiskUsage.of(path));
      case StoreUrl.Memory _, StoreUrl.Http _, StoreUrl.Coap _, StoreUrl.Volume _ ->
          OptionalLong.empty();
    };
  }

  private BlockStore openAll(List<StoreUrl> urls, Access access) throws IOException {
    List<LayeredStore.Layer> layers = new ArrayList<>();
    try {
      for (StoreUrl url : urls) {
        layers.add(new LayeredStore.Layer(url.toString(), open(url, access), url.rights()));
      }
    } catch (IOException e) {
      closeAll(layers, e);
      throw e;
    }
    return layers.size() == 1
        ? layers.getFirst().store()
        : new LayeredStore(layers, this::warnOfCache);
  }

  private BlockStore open(StoreUrl url, Access access) throws IOException {
    Writer asking = access == Access.WRITE ? writer : writer.askingDaemons();
    try {
      return open(url, access, asking);
    } catch (HeldByDaemon held) {
      return new DaemonStore(held.socket(), url.toString(), () -> openReadOnly(url));
    }
  }

  /// A store that has writers, whatever rights its URL gives.
  private static BlockStore openReadOnly(StoreUrl url) throws IOException {
    return switch (url) {
      case StoreUrl.RocksDb(Path path, Set<Right> _) -> RocksDbStore.openReadOnly(path);
      case StoreUrl.Volume(VolumePath place, Set<Right> _) -> VolumeStore.openReadOnly(place);
      case StoreUrl.Directory _,
          StoreUrl.Archive _,
          StoreUrl.Memory _,
          StoreUrl.Http _,
          StoreUrl.Coap _ ->
          throw new IllegalArgumentException("a store without a writer");
    };
  }

  private BlockStore open(StoreUrl url, Access access, Writer asking) throws IOException {
    boolean writable = access != Access.READ || url.rights().contains(Right.CACHE);
    return switch (url) {
      case StoreUrl.RocksDb(Path path, Set<Right> _) ->
          writable ? RocksDbStore.open(path, asking) : openReadOnly(url);
      case StoreUrl.Volume(VolumePath place, Set<Right> _) ->
          writable ? VolumeStore.open(place, asking) : openReadOnly(url);
      case StoreUrl.Directory(Path path, Set<Right> _) ->
          writable ? DirectoryStore.open(path) : DirectoryStore.openReadOnly(path);
      case StoreUrl.Memory _ -> new MemoryBlockStore();
      case StoreUrl.Archive(Path path, Set<Right> _) -> ArchiveStore.open(path);
      case StoreUrl.Http http -> open(http);
      case StoreUrl.Coap coap -> CoapStore.open(coap, io.variable(COAP_KEY_FILE).map(Path::of));
    };
  }

  private BlockStore open(StoreUrl.Http url) throws IOException {
    TlsEnvironment.prepare(io, url.base());
    Optional<AccessToken> token = ServerTokens.of(io).token(url.base());
    return token.isPresent() ? new HttpStore(url, token.get()) : new HttpStore(url);
  }

  /// Who this command is to other writers.
  Writer writer() {
    return writer;
  }

  private void warnOfCache(IOException failure) {
    if (!quiet) {
      io.warn("a cache takes no blocks: " + Failures.of(failure).line());
    }
  }

  private static void closeAll(List<LayeredStore.Layer> layers, IOException cause) {
    for (LayeredStore.Layer layer : layers) {
      try {
        layer.store().close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  /// A volume, or RocksDB where that was begun with before there were volumes.
  private StoreUrl embedded() {
    Path directory = io.dataHome().resolve("eris");
    return Files.exists(directory.resolve(ROCKSDB_MARK))
        ? new StoreUrl.RocksDb(directory, GET_AND_PUT)
        : new StoreUrl.Volume(VolumePath.of(directory.resolve("blocks.volume")), GET_AND_PUT);
  }

  private static boolean isMissing(StoreUrl embedded) {
    return embedded instanceof StoreUrl.Volume(VolumePath place, Set<Right> _)
        && !Files.exists(place.path());
  }
}
