package eris.server;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.server.access.Gates;
import eris.server.config.CoapSettings;
import eris.server.config.DaemonSettings;
import eris.server.config.HttpSettings;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.store.BlockStore;
import eris.stores.HttpStore;
import eris.stores.StoreUrl;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.stores.Writer;
import eris.testkit.SampleBlock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A daemon that ends while clients put: `-Deris.ends=N` for more than a few times.
@Timeout(600)
final class DaemonEndTest {
  private static final int WRITERS = 8;

  @TempDir Path directory;

  @Test
  void endsWithinFiveSecondsAndKeepsWhatItAcknowledged() throws Exception {
    List<SampleBlock> durable = Collections.synchronizedList(new ArrayList<>());
    int ends = Integer.getInteger("eris.ends", 8);
    for (int i = 0; i < ends; i++) {
      int before = durable.size();
      try (BlockStore store = VolumeStore.open(path(), Writer.named("test"));
          ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
        Daemon daemon = daemon(store);
        for (int writer = 0; writer < WRITERS; writer++) {
          long first = 1_000_000L * i + 10_000L * writer;
          var _ = writers.submit(() -> putAll(daemon.httpAddress(), first, durable));
        }
        while (durable.size() < before + 10 + i) {
          TimeUnit.MILLISECONDS.sleep(1);
        }
        long start = System.nanoTime();
        daemon.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        writers.shutdownNow();
      }
    }
    try (BlockStore store = VolumeStore.openReadOnly(path())) {
      MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
      for (SampleBlock block : durable) {
        assertThat(store.get(block.reference(), target).orElseThrow().mismatch(block.bytes()))
            .isEqualTo(-1);
      }
    }
  }

  private VolumePath path() {
    return VolumePath.of(directory.resolve("volume"));
  }

  private static Daemon daemon(BlockStore store) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new Daemon(
        store,
        new DaemonSettings(
            StoreLimits.DEFAULT, HttpSettings.at(address), CoapSettings.NONE, Gates.NO_ACCOUNTS),
        ServerLog.SILENT);
  }

  /// Puts until the daemon takes no more.
  private static Void putAll(InetSocketAddress address, long first, List<SampleBlock> durable)
      throws Exception {
    var url = StoreUrl.parse("http://127.0.0.1:" + address.getPort());
    try (var store = new HttpStore((StoreUrl.Http) url)) {
      for (long number = first; ; number++) {
        SampleBlock block = SampleBlock.of(BlockSize.KIB_1, number);
        store.put(block.reference(), block.bytes());
        durable.add(block);
      }
    }
  }
}
