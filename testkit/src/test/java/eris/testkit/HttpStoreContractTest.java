package eris.testkit;

import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.stores.HttpStore;
import eris.stores.StoreUrl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;

/// A server that keeps to the protocol is a store as any other.
final class HttpStoreContractTest implements BlockStoreContract {
  private final List<BlockServer> servers = new ArrayList<>();
  private final Map<BlockStore, StoreUrl.Http> urls = new HashMap<>();

  @Override
  public BlockStore open() throws IOException {
    BlockServer server = BlockServer.of(new MemoryBlockStore());
    servers.add(server);
    return openAt(server.url());
  }

  @Override
  public BlockStore reopen(BlockStore previous) throws IOException {
    previous.close();
    return openAt(Objects.requireNonNull(urls.get(previous)));
  }

  private BlockStore openAt(StoreUrl.Http url) {
    BlockStore store = new HttpStore(url);
    urls.put(store, url);
    return store;
  }

  @Override
  public int manyBlocks() {
    return 2_000;
  }

  @AfterEach
  void stop() throws IOException {
    for (BlockServer server : servers) {
      server.close();
    }
  }
}
