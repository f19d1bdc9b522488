package eris.server;

import eris.server.access.Gates;
import eris.server.config.CoapSettings;
import eris.server.config.DaemonSettings;
import eris.server.config.HttpSettings;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.stores.HttpStore;
import eris.stores.StoreUrl;
import eris.testkit.BlockStoreContract;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/// Our client before our daemon is a store like any other.
final class DaemonStoreTest implements BlockStoreContract {
  private final List<Daemon> daemons = new ArrayList<>();

  @Override
  public BlockStore open() throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var settings =
        new DaemonSettings(
            StoreLimits.DEFAULT, HttpSettings.at(address), CoapSettings.NONE, Gates.NO_ACCOUNTS);
    var daemon = new Daemon(new MemoryBlockStore(), settings, ServerLog.SILENT);
    daemons.add(daemon);
    var url = StoreUrl.parse("http://127.0.0.1:" + daemon.httpAddress().getPort());
    return new HttpStore((StoreUrl.Http) url);
  }

  @Override
  public int manyBlocks() {
    return 500;
  }

  @AfterEach
  void close() {
    daemons.forEach(Daemon::close);
  }
}
