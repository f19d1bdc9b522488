package eris.image.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eris.format.ErisFs;
import eris.format.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InitramfsTest {
  private static final Path DASH = Path.of("/bin/dash");

  private final StoredFiles files = new StoredFiles();

  @Test
  void everyEntryIsWhereAKernelAndALoaderLook() throws IOException {
    addProgram();
    byte[] tree =
        new ErisFs(
                new TreeMap<>(
                    Map.of(
                        ErisFs.Path.of("etc", "conf"), new ErisFs.File(files.put(bytes("conf"))),
                        ErisFs.Path.of("run"), new ErisFs.Executable(files.put(bytes("run"))),
                        ErisFs.Path.of("link"), new ErisFs.SymbolicLink("etc/conf"))))
            .encode();
    files.add("share/tree", Manifest.Type.TREE, tree).add("note", Manifest.Type.DATA, bytes("!"));
    Map<String, CpioReader.Entry> image = read(write("bin/script"));

    assertThat(List.copyOf(image.keySet())).isSorted();
    assertThat(entry(image, "init").text()).isEqualTo("bin/script");
    assertThat(entry(image, "init").mode()).isEqualTo(0120777);
    assertThat(entry(image, "bin/script").mode()).isEqualTo(0100755);
    assertThat(entry(image, "bin/script").text()).startsWith("#!/usr/bin/sh");
    assertThat(entry(image, "bin/sh").text()).isEqualTo("/bin/dash"); // as the script asks for it
    assertThat(entry(image, "lib/libx.so").text()).isEqualTo("/lib/deep/libx.so");
    assertThat(entry(image, "lib/deep").mode()).isEqualTo(0040755);
    assertThat(entry(image, "lib64").text()).isEqualTo("lib");
    assertThat(entry(image, "usr/bin").text()).isEqualTo("../bin");
    assertThat(entry(image, "note").mode()).isEqualTo(0100644);
    assertThat(entry(image, "share/tree/etc/conf").text()).isEqualTo("conf");
    assertThat(entry(image, "share/tree/run").mode()).isEqualTo(0100755);
    assertThat(entry(image, "share/tree/link").text()).isEqualTo("etc/conf");
    assertThat(entry(image, "dev/console").mode()).isEqualTo(0020600);
    assertThat(image.values()).allMatch(entry -> entry.time() == 0);
    assertThat(image.values().stream().map(CpioReader.Entry::inode)).doesNotHaveDuplicates();
  }

  @Test
  void theSameManifestGivesTheSameBytesAndCpioReadsThem(@TempDir Path directory) throws Exception {
    addProgram();
    byte[] archive = write("bin/script");

    assertThat(write("bin/script")).isEqualTo(archive);
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/cpio")), "no cpio");
    Path file = Files.write(directory.resolve("image"), archive);
    Process cpio = new ProcessBuilder("cpio", "-t", "--quiet").redirectInput(file.toFile()).start();
    List<String> names =
        new String(cpio.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertThat(cpio.waitFor()).isZero();
    assertThat(names).containsExactlyElementsOf(read(archive).keySet());
  }

  @Test
  void twoFilesOfOneNameAreRefused() throws IOException {
    addProgram();
    files.add("lib64", Manifest.Type.DATA, bytes("in the way"));

    assertThatIOException()
        .isThrownBy(() -> write("bin/script"))
        .withMessage("'lib64' would be two files");
  }

  @Test
  void aCorruptFileIsNamed() throws IOException {
    addProgram();
    files.damage("bin/dash", 1);

    assertThatIOException()
        .isThrownBy(() -> write("bin/script"))
        .withMessageStartingWith("bin/dash: block 1 is corrupt: ");
  }

  private void addProgram() throws IOException {
    files
        .addElf("bin/dash", Files.readAllBytes(DASH), Optional.of("lib/ld"), List.of())
        .add("lib/ld", Manifest.Type.ELF, bytes("loader"))
        .addElf("lib/deep/libx.so", bytes("x"), Optional.empty(), List.of())
        .addElf("lib/y.so", bytes("y"), Optional.empty(), List.of("lib/deep/libx.so"))
        .addScript("bin/script", bytes("#!/usr/bin/sh -e\n"), "bin/dash", Optional.of("-e"));
  }

  private byte[] write(String init) throws IOException {
    var archive = new ByteArrayOutputStream();
    Initramfs.write(
        files.manifest("bin/script"), init, files.reader(), Channels.newChannel(archive));
    return archive.toByteArray();
  }

  private static Map<String, CpioReader.Entry> read(byte[] archive) {
    return CpioReader.read(archive);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static CpioReader.Entry entry(Map<String, CpioReader.Entry> image, String name) {
    return Objects.requireNonNull(image.get(name), name);
  }
}
