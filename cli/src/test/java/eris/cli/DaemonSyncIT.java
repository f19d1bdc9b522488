package eris.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.stores.daemon.DaemonStore;
import eris.testkit.SampleBlock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Commands and a daemon, really started: through the daemon's socket, and from store to store.
final class DaemonSyncIT extends RealCommand {
  private static final String SERVE = "eris serve --store volume:$PWD/served --http 127.0.0.1:0";

  private Path socket() throws IOException {
    String line = Files.readAllLines(home.resolve("served.lock")).get(1);
    return Path.of(line.substring("socket ".length()));
  }

  @Test
  void aStoreThatADaemonHoldsTakesBlocksThroughIt() throws Exception {
    Files.write(home.resolve("one"), Shell.randomBytes(3_000_000));
    String put = "eris put --store volume:$PWD/served one > one.urn";
    Process killed = start(SERVE + " 2> log");
    try (BufferedReader out = killed.inputReader()) {
      out.readLine();
      assertThat(bash(put)).isEqualTo(new Outcome(0, "", ""));
      killed.toHandle().destroyForcibly();
      killed.waitFor();
    }
    Path left = socket();
    assertThat(left).exists();
    assertThat(bash(put)).isEqualTo(new Outcome(0, "", "")); // and nobody is misled by it

    Process daemon = start(SERVE + " 2> log");
    try (BufferedReader out = daemon.inputReader()) {
      String url = out.readLine();
      assertThat(bash(put)).isEqualTo(new Outcome(0, "", ""));
      assertThat(bash("eris get --store %s @one.urn | cmp - one".formatted(url)).exitCode())
          .isZero();
      assertThat(bash("eris get --store volume:$PWD/served @one.urn | cmp - one").exitCode())
          .isZero();
      assertThat(bash("eris put --convergent --store dir:here one > two.urn").exitCode()).isZero();
      assertThat(bash("eris store copy dir:here volume:$PWD/served").out())
          .isEqualTo("93 blocks copied, 0 were there, 0 are corrupt\n");
      assertThat(bash("eris push --store dir:here volume:$PWD/served").out())
          .isEqualTo("0 blocks sent, 0 received, 0 are corrupt\n");
      assertThat(bash("eris pull --store dir:all " + url).exitCode()).isZero();
      assertThat(bash("eris get --store dir:all @two.urn | cmp - one").exitCode()).isZero();
      Path socket = socket();
      assertThat(Files.getPosixFilePermissions(socket)).hasSize(2);
      assertThat(Files.getPosixFilePermissions(socket.getParent())).hasSize(3);
      signal("TERM", daemon);
      assertThat(daemon.waitFor()).isZero();
      assertThat(socket.getParent()).doesNotExist();
    }
    Files.delete(left);
    Files.delete(left.getParent());
  }

  @Test
  void storesMeetOverHttp() throws Exception {
    Files.write(home.resolve("one"), Shell.randomBytes(300_000));
    Files.write(home.resolve("two"), Shell.randomBytes(200_000));
    Files.writeString(home.resolve("settings"), "http = 127.0.0.1:0\nput = token\n");
    assertThat(
            bash("eris put --block-size 1KiB --store dir:here one > one.urn &&"
                    + " eris put --block-size 1KiB --store volume:$PWD/served two > two.urn &&"
                    + " eris account add alice && eris token add alice --can sync > reads &&"
                    + " eris token add alice --can put,sync > writes")
                .exitCode())
        .isZero();
    Process daemon = start(SERVE.replace("--http 127.0.0.1:0", "--config settings") + " 2> log");
    try (BufferedReader out = daemon.inputReader()) {
      String url = out.readLine();
      Outcome stranger = bash("eris pull --store dir:here " + url);
      assertThat(stranger.exitCode()).isEqualTo(5);
      assertThat(stranger.err())
          .isEqualTo(
              "eris: error: store %s refused: status 401: it wants a token\n".formatted(url));
      assertThat(bash("eris token use %s < reads".formatted(url)).exitCode()).isZero();
      Outcome push = bash("eris push --store dir:here " + url);
      assertThat(push.exitCode()).isEqualTo(5);
      assertThat(push.err()).contains("refused: it grants []");
      assertThat(bash("eris pull --store dir:here " + url).out())
          .isEqualTo("0 blocks sent, 210 received, 0 are corrupt\n");
      assertThat(bash("eris get --store dir:here @two.urn | cmp - two").exitCode()).isZero();
      assertThat(bash("eris token use %s < writes".formatted(url)).exitCode()).isZero();
      assertThat(bash("eris sync --store dir:here " + url).out())
          .isEqualTo("315 blocks sent, 0 received, 0 are corrupt\n");
      assertThat(bash("eris get --store %s @one.urn | cmp - one".formatted(url)).exitCode())
          .isZero();
      assertThat(home.resolve("log"))
          .content()
          .doesNotContain(Files.readString(home.resolve("writes")).strip());
    } finally {
      signal("TERM", daemon);
      daemon.waitFor();
    }
  }

  @Test
  void aServerOfAnotherKindIsToldInOneLine() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerNotFound(server));
      String url = "http://127.0.0.1:" + server.getLocalPort();
      Outcome push =
          bash("eris put --store dir:here < /dev/null > urn; eris push --store dir:here " + url);
      assertThat(push.exitCode()).isEqualTo(1);
      assertThat(push.err())
          .isEqualTo(
              "eris: error: %s cannot sync, it answers 404\n".formatted(url)
                  + "eris: hint: push, pull and sync want eris serve there;"
                  + " single blocks: eris store copy\n");
    }
  }

  private static void answerNotFound(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket
          .getOutputStream()
          .write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What was acknowledged through the socket is there after the daemon was killed amid.
  @Test
  @Tag("wide")
  void aKilledDaemonLosesNoBatchThatItAcknowledged() throws Exception {
    for (int cycle = 0; cycle < 3; cycle++) {
      Process daemon = start(SERVE + " 2> log");
      List<SampleBlock> durable = Collections.synchronizedList(new ArrayList<>());
      try (BufferedReader out = daemon.inputReader()) {
        out.readLine();
        putUntilKilled(daemon, 100_000L * cycle, durable);
      }
      assertThat(durable).isNotEmpty();
      try (BlockStore store = VolumeStore.openReadOnly(VolumePath.of(home.resolve("served")))) {
        MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
        for (SampleBlock block : durable) {
          assertThat(store.get(block.reference(), target).orElseThrow().mismatch(block.bytes()))
              .isEqualTo(-1);
        }
      }
      Files.delete(socket());
      Files.delete(socket().getParent());
    }
  }

  private void putUntilKilled(Process daemon, long first, List<SampleBlock> durable)
      throws Exception {
    try (var store =
            new DaemonStore(
                socket(),
                "served",
                () -> {
                  throw new IOException("not read");
                });
        var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int writer = 0; writer < 4; writer++) {
        long from = first + 10_000L * writer;
        var _ = writers.submit(() -> putBatches(store, from, durable));
      }
      while (durable.size() < 400) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      daemon.toHandle().destroyForcibly();
      daemon.waitFor();
      writers.shutdownNow();
    }
  }

  private static Void putBatches(BlockStore store, long first, List<SampleBlock> durable)
      throws IOException {
    for (long from = first; from < first + 10_000; from += 100) {
      List<SampleBlock> blocks = new ArrayList<>();
      MemorySegment bytes = MemorySegment.ofArray(new byte[100 * 1024]);
      MemorySegment references = MemorySegment.ofArray(new byte[100 * Reference.BYTES]);
      for (int i = 0; i < 100; i++) {
        SampleBlock block = SampleBlock.of(BlockSize.KIB_1, from + i);
        bytes.asSlice(i * 1024L, 1024).copyFrom(block.bytes());
        block.reference().writeTo(references, (long) i * Reference.BYTES);
        blocks.add(block);
      }
      store.putAll(new BlockBatch(BlockSize.KIB_1, bytes, references));
      durable.addAll(blocks);
    }
    return null;
  }
}
