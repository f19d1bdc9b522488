package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eris.ReadCapability;
import eris.codec.Decoder;
import eris.store.MemoryBlockStore;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.testkit.BlockServer;
import eris.testkit.KeyStream;
import eris.testkit.Misbehaviour;
import eris.testkit.RepeatedTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What only shows when the command is really started.
final class CommandIT extends RealCommand {
  private static final String EMBEDDED = ".local/share/eris/blocks.volume";

  @Test
  void twoWritersAtOnceBothSucceed() throws Exception {
    for (int i = 0; i < 6; i++) {
      Files.write(home.resolve("file" + i), Shell.randomBytes(100_000 + i));
    }
    Outcome outcome = bash("ls file* | xargs -n1 -P2 eris put --convergent");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines().distinct()).hasSize(6);
    Files.writeString(home.resolve("urns"), outcome.out());
    assertThat(bash("while read u; do echo $u | eris verify - || exit; done < urns").exitCode())
        .isZero();
  }

  @Test
  void ctrlCWhilePuttingLosesNothingThatWasPut() throws Exception {
    bash("printf before | eris put > before.urn");
    long before = Files.size(home.resolve(EMBEDDED));
    Process put = start("eris put > after.urn");
    try (OutputStream input = put.getOutputStream()) {
      input.write(Shell.randomBytes(20_000_000));
      input.flush();
      while (Files.size(home.resolve(EMBEDDED)) < before + 10_000_000) { // blocks are on their way
        TimeUnit.MILLISECONDS.sleep(20);
      }
      interrupt(put);
      assertThat(put.waitFor()).isEqualTo(130);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("Broken pipe"); // closing what nobody reads any more
    }
    assertThat(home.resolve("after.urn")).isEmptyFile();
    assertThat(bash("eris get @before.urn").out()).isEqualTo("before");
  }

  @Test
  void ctrlCWhileGettingLeavesNoFile() throws Exception {
    storeBomb();
    Process get = start("eris get --store dir:bomb -o out @bomb.urn");
    while (namesIn(home).noneMatch(name -> name.endsWith(".part"))) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    interrupt(get);

    assertThat(get.waitFor()).isEqualTo(130);
    assertThat(namesIn(home)).noneMatch(name -> name.contains("out"));
  }

  @Test
  void aKilledScrubIsGoneOnWith() throws Exception {
    Files.write(home.resolve("file"), Shell.randomBytes(8_000_000));
    bash("eris put --store dir:store file");
    Process scrub = start("eris store scrub --rate 1MB dir:store");
    while (!Files.exists(home.resolve("store/scrub"))) {
      assertThat(scrub.isAlive()).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(scrub.destroyForcibly().waitFor()).isEqualTo(128 + 9);

    assertThat(bash("eris store scrub dir:store").out())
        .matches("\\d+ blocks verified \\(the rest of a scrub\\), 0 healed, 0 are corrupt\n");
    assertThat(bash("eris store scrub dir:store").out())
        .isEqualTo("246 blocks verified, 0 healed, 0 are corrupt\n");
  }

  /// Two processes and the protocol between them, both ways; then killed amid, and gone on with.
  @Test
  void storesAreSynchronisedThroughACommand() throws Exception {
    Files.write(home.resolve("one"), Shell.randomBytes(8_000_000));
    Files.write(home.resolve("two"), Shell.randomBytes(100_000));
    bash("eris put --store dir:a one > one.urn; eris put --store dir:b two > two.urn");
    String sync = "eris sync --store dir:a --connect 'eris sync --serve --store dir:b%s'";
    Outcome refused = bash(sync.formatted("?get"));
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(5);
    Process killed = start(sync.formatted("") + " > /dev/null 2>&1");
    while (namesIn(home.resolve("b")).count() < 30 && killed.isAlive()) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    killed.destroyForcibly().waitFor();

    Outcome outcome = bash(sync.formatted(""));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).endsWith(" are corrupt\n");
    assertThat(bash("eris get --store dir:b @one.urn | cmp - one").exitCode()).isZero();
    assertThat(bash("eris get --store dir:a @two.urn | cmp - two").exitCode()).isZero();
    assertThat(bash(sync.formatted("")).out())
        .isEqualTo("0 blocks sent, 0 received, 0 are corrupt\n");
  }

  @Test
  void anInterruptedCopyIsGoneOnWith() throws Exception {
    Files.write(home.resolve("file"), Shell.randomBytes(8_000_000));
    bash("eris put --store dir:store file");
    var held = new MemoryBlockStore();
    try (BlockServer server = BlockServer.of(held)) {
      String copy = "eris store copy dir:store " + server.url();
      server.misbehave(Misbehaviour.NEVER_ANSWERS);
      Process interrupted = start(copy);
      server.awaitRequests(16);
      interrupt(interrupted);
      assertThat(interrupted.waitFor()).isEqualTo(130);

      server.misbehave(Misbehaviour.NEVER_ANSWERS, 0);
      assertThat(bash(copy).out()).isEqualTo("246 blocks copied, 0 were there, 0 are corrupt\n");
      assertThat(held.count()).isEqualTo(246);
    }
  }

  @Test
  void aReaderThatStopsReadingIsNoError() throws Exception {
    storeBomb();

    Outcome outcome = bash("eris get --store dir:bomb @bomb.urn | head -c 5 | tr '\\0' 0");
    assertThat(outcome.out()).isEqualTo("00000");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void aResultThatCannotBePrintedIsAnError() throws Exception {
    Outcome outcome = bash("printf x | eris put > /dev/full");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).containsIgnoringCase("no space left");
  }

  @Test
  void aFullDiskIsOneErrorAndNothingHalfVisible() throws Exception {
    assumeTrue(
        bash("unshare -rm mount -t tmpfs tmpfs . 2>/dev/null").exitCode() == 0,
        "mounting a small tmpfs is not allowed here");
    Files.write(home.resolve("small"), Shell.randomBytes(500_000));
    Files.write(home.resolve("large"), Shell.randomBytes(40_000_000));
    Files.createDirectory(home.resolve("disk"));

    for (String store : List.of("dir:disk/store", "rocksdb:disk/store")) {
      Outcome outcome =
          bash(
              """
              unshare -rm bash -euc '
                mount -t tmpfs -o size=24m tmpfs disk
                eris put --store STORE small > small.urn
                eris put --store STORE large > large.urn || echo "put exits $?"
                eris get --store STORE -o copy @small.urn && cmp small copy && rm copy
                eris get --store STORE -o disk/copy @small.urn || true
                ls -A disk
                eris put large > large.urn
                dd if=/dev/zero of=disk/filler bs=64k status=none || true
                eris get -o disk/copy @large.urn || echo "get exits $?"
                ls -A disk'
              """
                  .replace("STORE", store));
      assertThat(outcome.out()).as(outcome.err()).contains("put exits 6").contains("get exits 1");
      assertThat(outcome.err()).contains("is full").doesNotContain("\tat ");
      assertThat(outcome.out()).doesNotContain(".part");
      Files.deleteIfExists(home.resolve("copy"));
    }
  }

  @Test
  void contentLargerThanTheHeapPassesThrough() throws Exception {
    passThrough(400L << 20);
  }

  @Test
  @Tag("wide")
  void contentOfSeveralGigabytesPassesThroughASmallHeap() throws Exception {
    passThrough(3L << 30);
  }

  private void passThrough(long sizeBytes) throws Exception {
    Process put = start("ERIS_JAVA_OPTS=-Xmx64m eris put > big.urn");
    try (OutputStream input = put.getOutputStream()) {
      copy(new KeyStream("big", sizeBytes), input);
    }
    assertThat(put.waitFor()).isZero();

    Process get = start("ERIS_JAVA_OPTS=-Xmx64m eris get @big.urn");
    get.getOutputStream().close();
    var expected = new KeyStream("big", sizeBytes);
    assertThat(sameContent(expected, get)).isTrue();
    assertThat(expected.position()).isEqualTo(sizeBytes);
    assertThat(get.waitFor()).isZero();
  }

  private static void copy(KeyStream from, OutputStream to) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    while (from.read(buffer) >= 0) {
      to.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
  }

  private static boolean sameContent(KeyStream expected, Process actual) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    int count;
    while ((count = expected.read(buffer)) >= 0) {
      byte[] got = actual.getInputStream().readNBytes(count);
      if (!ByteBuffer.wrap(got).equals(buffer.flip())) {
        return false;
      }
      buffer.clear();
    }
    return actual.getInputStream().read() < 0;
  }

  /// All libraries of this machine, put file by file, and each read back.
  @Test
  @Tag("wide")
  void allLibrariesOfTheMachineComeBackIdentical() throws Exception {
    List<Path> libraries = librariesOfTheMachine();
    Files.write(home.resolve("files"), libraries.stream().map(Path::toString).toList());
    long begin = System.nanoTime();
    Outcome put = bash("xargs -d '\\n' eris put < files");
    long putNanos = System.nanoTime() - begin;
    assertThat(put.exitCode()).as(put.err()).isZero();

    List<String> urns = put.out().lines().toList();
    assertThat(urns).hasSameSizeAs(libraries);
    long bytes = 0;
    begin = System.nanoTime();
    try (var store = VolumeStore.openReadOnly(VolumePath.of(home.resolve(EMBEDDED)))) {
      for (int i = 0; i < urns.size(); i++) {
        ReadCapability capability = ReadCapability.parse(urns.get(i));
        try (Decoder decoder = Decoder.open(store, capability);
            InputStream content = Channels.newInputStream(decoder)) {
          bytes += decoder.size();
          assertThat(content).hasSameContentAs(Files.newInputStream(libraries.get(i)));
        }
      }
    }
    long getNanos = System.nanoTime() - begin;
    System.out.printf(
        "libraries: %d files, %d MB; store %d MB; put %d MB/s, get and compare %d MB/s%n",
        urns.size(),
        bytes / 1_000_000,
        Files.size(home.resolve(EMBEDDED)) / 1_000_000,
        bytes * 1000 / putNanos,
        bytes * 1000 / getNanos);
  }

  private static List<Path> librariesOfTheMachine() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("/usr/lib/x86_64-linux-gnu"))) {
      return files
          .filter(file -> Files.isRegularFile(file) && Files.isReadable(file))
          .sorted()
          .toList();
    }
  }

  /// One of the large contents of the ERIS specification; another test knows its URN.
  @ParameterizedTest
  @Tag("wide")
  @ValueSource(strings = {"1KiB", "32KiB"})
  void allKernelsGiveTheSameUrnOf1GiB(String blockSize) throws Exception {
    String vectors = bash("eris --version").out();
    List<String> kernels =
        Stream.of("auto", "scalar", "vector256", "vector512")
            .filter(kernel -> !kernel.startsWith("vector") || vectors.contains("vector512"))
            .toList();
    String content =
        "head -c 1G /dev/zero | openssl enc -chacha20 -iv 00000000000000000000000000000000 -K"
            + " $(printf '1GiB (block size 32KiB)' | b2sum -l 256 | cut -c1-64)";
    Set<String> urns = new HashSet<>();
    for (String kernel : kernels) {
      Outcome outcome =
          bash(
              "%s | ERIS_KERNEL=%s eris sum --convergent --block-size %s"
                  .formatted(content, kernel, blockSize));
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      urns.add(outcome.out());
    }
    assertThat(urns).hasSize(1);
  }

  @Test
  void anUnknownKernelIsAUsageError() throws Exception {
    Outcome outcome = bash("ERIS_KERNEL=warp eris sum /dev/null");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo(
            "eris: error: kernel 'warp' is unknown: there are scalar, vector128, vector256 and"
                + " vector512\n");
  }

  private void storeBomb() throws IOException {
    try (var store = eris.stores.DirectoryStore.open(home.resolve("bomb"))) {
      Files.writeString(home.resolve("bomb.urn"), RepeatedTree.bomb(store).toUrn());
      store.sync();
    }
  }

  private static Stream<String> namesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }
}
