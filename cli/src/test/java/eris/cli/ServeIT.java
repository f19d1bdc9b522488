package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.store.BlockStore;
import eris.stores.HttpStore;
import eris.stores.StoreUrl;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.testkit.SampleBlock;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `eris serve`, really started.
final class ServeIT extends RealCommand {
  /// The life of a daemon: put and get by a client, settings read anew, the bad ones refused, the end.
  @Test
  void aDaemonServesReloadsAndEnds() throws Exception {
    Files.write(home.resolve("one"), Shell.randomBytes(3_000_000));
    Files.writeString(home.resolve("settings"), "http = 127.0.0.1:0\n# all of it\nput = on\n");
    Process daemon = start("eris serve --store dir:served --config settings 2> log");
    try (BufferedReader out = daemon.inputReader()) {
      String url = out.readLine();
      String put = "eris put --convergent --store " + url;
      assertThat(bash(put + " one > one.urn").exitCode()).isZero();
      assertThat(bash("eris get --store %s @one.urn | cmp - one".formatted(url)).exitCode())
          .isZero();

      Files.writeString(home.resolve("settings"), "http = 127.0.0.1:0\nput = perhaps\n");
      reload(daemon, "reload-failed");
      assertThat(home.resolve("log"))
          .content()
          .contains("settings, line 2, put: want on, token or off, not 'perhaps'");
      assertThat(bash(put + " one").exitCode()).isZero();

      Files.writeString(home.resolve("settings"), "http = 127.0.0.1:0\nput = off\n");
      reload(daemon, " reloaded");
      assertThat(bash(put + " one").exitCode()).isEqualTo(6);
      signal("TERM", daemon);
      assertThat(daemon.waitFor()).isZero();
    }
    assertThat(bash("eris get --store dir:served @one.urn | cmp - one").exitCode()).isZero();
  }

  private void reload(Process daemon, String event) throws Exception {
    signal("HUP", daemon);
    while (!Files.readString(home.resolve("log")).contains(event)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /// What was acknowledged over HTTP is there after the daemon was killed amid.
  @Test
  @Tag("wide")
  void aKilledDaemonLosesNothingThatItAcknowledged() throws Exception {
    int acknowledged = 0;
    for (int cycle = 0; cycle < 20; cycle++) {
      Process daemon =
          start("eris serve --store volume:$PWD/killed.volume --http 127.0.0.1:0 2> log");
      List<SampleBlock> durable = putUntilKilled(daemon, 1000L * cycle);
      acknowledged += durable.size();
      try (BlockStore store =
          VolumeStore.openReadOnly(VolumePath.of(home.resolve("killed.volume")))) {
        MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
        for (SampleBlock block : durable) {
          assertThat(store.get(block.reference(), target).orElseThrow().mismatch(block.bytes()))
              .isEqualTo(-1);
        }
      }
    }
    assertThat(acknowledged).isGreaterThan(20);
  }

  private static List<SampleBlock> putUntilKilled(Process daemon, long first) throws Exception {
    List<SampleBlock> durable = Collections.synchronizedList(new ArrayList<>());
    try (BufferedReader out = daemon.inputReader();
        var store = new HttpStore((StoreUrl.Http) StoreUrl.parse(out.readLine()));
        var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int writer = 0; writer < 8; writer++) {
        long from = first + 100L * writer;
        var _ = writers.submit(() -> putAll(store, from, durable));
      }
      while (durable.size() < 10 + first / 1000) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      daemon.toHandle().destroyForcibly();
      daemon.waitFor();
      writers.shutdownNow();
    }
    return List.copyOf(durable);
  }

  private static Void putAll(HttpStore store, long from, List<SampleBlock> durable)
      throws IOException {
    for (long number = from; number < from + 100; number++) {
      SampleBlock block = SampleBlock.of(BlockSize.KIB_1, number);
      store.put(block.reference(), block.bytes());
      durable.add(block);
    }
    return null;
  }
}
