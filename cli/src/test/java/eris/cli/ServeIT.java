package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.store.BlockStore;
import eris.store.StoreException;
import eris.stores.HttpStore;
import eris.stores.StoreUrl;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.testkit.SampleBlock;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `eris serve`, really started.
final class ServeIT extends RealCommand {
  private static final int KILLS = Integer.getInteger("eris.kills", 50);
  private static final int RELOADS = 100;

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

  /// Of a hundred files of settings each second one is bad, each in its own line, and applies never; the
  /// clients notice nothing.
  @Test
  @Tag("wide")
  void badSettingsNeverApplyHoweverOften() throws Exception {
    Path settings = Files.writeString(home.resolve("settings"), "http = 127.0.0.1:0\n");
    Process daemon = start("eris serve --store memory: --config settings 2> log");
    try (BufferedReader out = daemon.inputReader();
        var store = new HttpStore((StoreUrl.Http) StoreUrl.parse(out.readLine()))) {
      for (int i = 0; i < RELOADS; i++) {
        boolean bad = i % 2 == 1;
        String line = bad ? "put = perhaps%d\n".formatted(i) : "put = on\n";
        Files.writeString(settings, "http = 127.0.0.1:0\n" + "#\n".repeat(i) + line);
        signal("HUP", daemon);
        String told =
            bad
                ? "settings, line %d, put: want on, token or off, not 'perhaps%d'"
                    .formatted(i + 2, i)
                : " reloaded";
        awaitInLog(told, bad ? 1 : i / 2 + 1);
        SampleBlock block = SampleBlock.of(BlockSize.KIB_1, i);
        store.put(block.reference(), block.bytes());
      }
      signal("TERM", daemon);
      assertThat(daemon.waitFor()).isZero();
    }
    assertThat(home.resolve("log")).content().doesNotContain("Exception", "restart-needed");
  }

  private void awaitInLog(String text, int times) throws Exception {
    while (Files.readString(home.resolve("log")).split(Pattern.quote(text), -1).length <= times) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /// The lines of requests go to their own file, which is opened anew on SIGHUP.
  @Test
  void theLogOfRequestsIsRotated() throws Exception {
    Files.writeString(
        home.resolve("settings"),
        "http = 127.0.0.1:0\naccess-log = json\naccess-log-file = requests.log\n");
    Process daemon = start("eris serve --store memory: --config settings 2> log");
    try (BufferedReader out = daemon.inputReader()) {
      String url = out.readLine();
      assertThat(bash("curl -sf %s/livez".formatted(url)).out()).isEqualTo("ok\n");
      awaitIn("requests.log", "\"path\":\"/livez\"");
      Files.move(home.resolve("requests.log"), home.resolve("requests.log.1"));
      reload(daemon, " reloaded");
      assertThat(bash("curl -sf %s/readyz".formatted(url)).out()).isEqualTo("ok\n");
      awaitIn("requests.log", "\"path\":\"/readyz\"");
      signal("TERM", daemon);
      assertThat(daemon.waitFor()).isZero();
    }
    assertThat(home.resolve("log")).content().doesNotContain("/livez");
  }

  private void awaitIn(String file, String text) throws Exception {
    while (Files.notExists(home.resolve(file))
        || !Files.readString(home.resolve(file)).contains(text)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /// A disk that is full takes nothing, gives all, and takes again by itself.
  @Test
  @Tag("wide")
  void aFullDiskRefusesPutsUntilThereIsRoom() throws Exception {
    Path disk = Files.createDirectory(home.resolve("disk"));
    if (bash("mount -t tmpfs -o size=24m tmpfs disk").exitCode() != 0) {
      return; // takes root
    }
    try {
      assertThat(bash("head -c 8M /dev/zero > disk/ballast").exitCode()).isZero();
      Process daemon = start("eris serve --store volume:$PWD/disk/v --http 127.0.0.1:0 2> log");
      try (BufferedReader out = daemon.inputReader()) {
        fillAndMakeRoom(out.readLine(), disk.resolve("ballast"));
        signal("TERM", daemon);
        assertThat(daemon.waitFor()).isZero();
      }
    } finally {
      bash("umount disk");
    }
  }

  private void fillAndMakeRoom(String url, Path ballast) throws Exception {
    try (var store = new HttpStore((StoreUrl.Http) StoreUrl.parse(url))) {
      int stored = 0;
      while (takes(store, stored)) {
        stored++;
      }
      assertThat(stored).isGreaterThan(10);
      assertThat(takes(store, stored)).isFalse();
      assertThat(bash("curl -s -w %%{http_code} %s/readyz".formatted(url)).out())
          .isEqualTo("the store is full\n503");
      MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
      for (int i = 0; i < stored; i++) {
        SampleBlock block = SampleBlock.of(BlockSize.KIB_32, i);
        assertThat(store.get(block.reference(), target).orElseThrow().mismatch(block.bytes()))
            .isEqualTo(-1);
      }
      Files.delete(ballast);
      long start = System.nanoTime();
      while (!takes(store, stored)) {
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
      }
    }
  }

  private static boolean takes(BlockStore store, int number) throws IOException {
    SampleBlock block = SampleBlock.of(BlockSize.KIB_32, number);
    try {
      store.put(block.reference(), block.bytes());
      store.sync();
      return true;
    } catch (StoreException.Full _) {
      return false;
    }
  }

  /// What was acknowledged over HTTP is there after the daemon was killed amid.
  @Test
  @Tag("wide")
  void aKilledDaemonLosesNothingThatItAcknowledged() throws Exception {
    int acknowledged = 0;
    for (int cycle = 0; cycle < KILLS; cycle++) {
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
    assertThat(acknowledged).isGreaterThan(KILLS);
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
