package eris.server;

import eris.server.access.Gates;
import eris.server.config.CoapSettings;
import eris.server.config.DaemonSettings;
import eris.server.config.HttpSettings;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.stores.daemon.DaemonStore;
import eris.testkit.BlockStoreContract;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// A store that a daemon holds is, through the daemon's socket, a store like any other.
final class OwnersSocketTest implements BlockStoreContract {
  @TempDir Path home;
  private final List<Daemon> daemons = new ArrayList<>();

  @Override
  public BlockStore open() throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var settings =
        new DaemonSettings(
            StoreLimits.DEFAULT, HttpSettings.at(address), CoapSettings.NONE, Gates.NO_ACCOUNTS);
    var held = new MemoryBlockStore();
    var daemon = new Daemon(held, settings, ServerLog.SILENT);
    Path socket = home.resolve(daemons.size() + ".socket");
    daemons.add(daemon);
    daemon.listenForOwner(socket);
    return new DaemonStore(socket, "held", () -> held);
  }

  @Override
  public int manyBlocks() {
    return 2_000;
  }

  @AfterEach
  void close() {
    daemons.forEach(Daemon::close);
  }
}
