package eris.server.coap;

import eris.server.config.EchoMode;
import eris.store.BlockStore;
import eris.stores.StoreUrl;
import eris.stores.coap.CoapStore;
import eris.testkit.BlockStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// Our client and our server together are a store as any other, whatever carries the messages.
final class CoapStoreContractTest {
  abstract static class Contract implements BlockStoreContract {
    private final List<CoapFixture> fixtures = new ArrayList<>();
    private final Map<BlockStore, StoreUrl.Coap> urls = new HashMap<>();

    abstract StoreUrl.Coap serve(CoapFixture fixture) throws IOException;

    @Override
    public BlockStore open() throws IOException {
      var fixture = new CoapFixture();
      fixtures.add(fixture);
      return openAt(serve(fixture));
    }

    @Override
    public BlockStore reopen(BlockStore previous) throws IOException {
      previous.close();
      return openAt(Objects.requireNonNull(urls.get(previous)));
    }

    private BlockStore openAt(StoreUrl.Coap url) throws IOException {
      BlockStore store = CoapStore.open(url, Optional.empty());
      urls.put(store, url);
      return store;
    }

    @Override
    public int manyBlocks() {
      return 500;
    }

    @AfterEach
    void stop() throws Exception {
      for (CoapFixture fixture : fixtures) {
        fixture.close();
      }
    }
  }

  @Nested
  final class Udp extends Contract {
    @Override
    StoreUrl.Coap serve(CoapFixture fixture) throws IOException {
      return CoapFixture.url("coap", fixture.udp(), Optional.empty());
    }
  }

  @Nested
  final class UdpWithEcho extends Contract {
    @Override
    StoreUrl.Coap serve(CoapFixture fixture) throws IOException {
      return CoapFixture.url(
          "coap", fixture.udp(new CoapDoor.Settings(true, EchoMode.ON)), Optional.empty());
    }
  }

  @Nested
  final class Tcp extends Contract {
    @Override
    StoreUrl.Coap serve(CoapFixture fixture) throws IOException {
      return CoapFixture.url("coap+tcp", fixture.tcp(), Optional.empty());
    }
  }

  @Nested
  final class Dtls extends Contract {
    @TempDir Path directory;

    @Override
    StoreUrl.Coap serve(CoapFixture fixture) throws IOException {
      return CoapFixture.url(
          "coaps", fixture.dtls(directory), Optional.of(CoapFixture.keyFile(directory)));
    }
  }
}
