package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.codec.Encoder;
import eris.retention.Pin;
import eris.retention.PinFile;
import eris.retention.PinKey;
import eris.retention.Pins;
import eris.store.MemoryBlockStore;
import eris.store.StoreException;
import eris.stores.FileDevice;
import eris.stores.Writer;
import eris.testkit.SimulatedHardware.PowerCut;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PinFileTest {
  private static final Writer WRITER = Writer.named("test").withPatience(Duration.ZERO);
  private static final PinKey KEY = PinKey.ofFile(new byte[32]);
  private static final String NAME = "pins";

  private final SimulatedFiles files = new SimulatedFiles();
  private final PinFile file = new PinFile(files, NAME, KEY);

  @Test
  void pinsComeBackAsTheyWere() throws IOException {
    assertThat(file.read()).isEmpty();
    Pins added = add(file, pin(1));
    var directory = new Pin("papers", "of 2026", pin(2).capability(), Pin.Scope.DIRECTORY);
    Pins both = add(file, directory);
    assertThat(both.pins()).containsExactly(pin(1), directory);
    assertThat(both.account().id()).isEqualTo(added.account().id());
    Pins read = file.read().orElseThrow();
    assertThat(read.pins()).isEqualTo(both.pins());
    assertThat(read.account().id()).isEqualTo(added.account().id());
    assertThat(read.sequence()).isZero();
    file.update(pins -> Optional.of(pins.withSequence(5).without(pin(1)::equals)), WRITER);
    assertThat(file.read().orElseThrow().pins()).containsExactly(directory);
    assertThat(file.read().orElseThrow().sequence()).isEqualTo(5);
    assertThat(read.toString()).isEqualTo("Pins[2, redacted]");
  }

  @Test
  void nameIsOfOneContent() throws IOException {
    var named = new Pin("a", "", pin(1).capability(), Pin.Scope.CONTENT);
    Pins pins = add(file, named);
    assertThat(pins.with(new Pin("a", "", pin(2).capability(), Pin.Scope.CONTENT))).isEmpty();
    var renamed = new Pin("b", "", pin(1).capability(), Pin.Scope.DIRECTORY);
    assertThat(pins.with(renamed).orElseThrow().pins()).containsExactly(renamed);
    assertThat(pins.with(pin(3)).orElseThrow().pins()).hasSize(2);
  }

  @Test
  void onlyTheRightKeyOpens() throws IOException {
    add(file, pin(1));
    byte[] other = new byte[32];
    other[31] = 1;
    for (PinKey wrong :
        List.of(PinKey.ofFile(other), PinKey.ofPassphrase(new byte[32]), phrase("x"))) {
      var opened = new PinFile(files, NAME, wrong);
      assertThatThrownBy(opened::read).isInstanceOf(PinFile.WrongKeyException.class);
      assertThatThrownBy(() -> add(opened, pin(2))).isInstanceOf(PinFile.WrongKeyException.class);
    }
    assertThat(file.read().orElseThrow().pins()).containsExactly(pin(1));
  }

  @Test
  void passphraseOpens() throws IOException {
    add(new PinFile(files, NAME, phrase("correct horse")), pin(1));
    assertThat(new PinFile(files, NAME, phrase("correct horse")).read().orElseThrow().pins())
        .containsExactly(pin(1));
    var wrong = new PinFile(files, NAME, phrase("correct house"));
    assertThatThrownBy(wrong::read)
        .isInstanceOf(PinFile.WrongKeyException.class)
        .hasMessage("wrong passphrase or key file, or the pin file is damaged");
  }

  @Test
  void everyFlippedBitAndEveryCutIsSeen() throws IOException {
    add(file, pin(1));
    byte[] sealed = sealed(files);
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] damaged = sealed.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      requireRefused(damaged);
    }
    for (int length = 0; length < sealed.length; length++) {
      requireRefused(Arrays.copyOf(sealed, length));
    }
    requireRefused(Arrays.copyOf(sealed, sealed.length + 1));
  }

  @Test
  void unknownVersionIsTold() throws IOException {
    add(file, pin(1));
    byte[] sealed = sealed(files);
    sealed[9] = 2;
    assertThatThrownBy(() -> with(sealed).read())
        .isInstanceOf(PinFile.MalformedException.class)
        .hasMessage("malformed pin file: version 2, want 1");
    assertThatThrownBy(() -> with("some text".getBytes(StandardCharsets.US_ASCII)).read())
        .hasMessage("malformed pin file: not a pin file");
  }

  @Test
  void nothingOfItIsInTheClear() throws IOException {
    add(file, new Pin("a name that tells", "", pin(1).capability(), Pin.Scope.CONTENT));
    String bytes = new String(sealed(files), StandardCharsets.ISO_8859_1);
    assertThat(bytes).doesNotContain("a name");
    byte[] capability = pin(1).capability().toBytes();
    assertThat(bytes)
        .doesNotContain(new String(capability, 34, 8, StandardCharsets.ISO_8859_1))
        .doesNotContain(new String(capability, 2, 8, StandardCharsets.ISO_8859_1));
    byte[] before = sealed(files);
    file.update(Optional::of, WRITER);
    byte[] after = sealed(files);
    assertThat(Arrays.copyOfRange(after, 27, 39)).isNotEqualTo(Arrays.copyOfRange(before, 27, 39));
  }

  @Test
  void oneWriterAtATime() throws IOException {
    file.update(
        outer -> {
          assertThatThrownBy(() -> add(new PinFile(files, NAME, KEY), pin(2)))
              .isInstanceOf(StoreException.Busy.class)
              .hasMessage("store of pins pins is being written by another process");
          return outer.with(pin(1));
        },
        WRITER);
    assertThat(add(file, pin(2)).pins()).containsExactly(pin(1), pin(2));
  }

  @Test
  void failedChangeLeavesTheFile() throws IOException {
    add(file, pin(1));
    byte[] before = sealed(files);
    assertThat(file.update(_ -> Optional.empty(), WRITER).pins()).containsExactly(pin(1));
    assertThatThrownBy(
            () ->
                file.update(
                    _ -> {
                      throw new IOException("no");
                    },
                    WRITER))
        .hasMessage("no");
    assertThat(sealed(files)).isEqualTo(before);
    assertThat(add(file, pin(2)).pins()).hasSize(2);
  }

  /// The power is cut at each call of the first and of the second change.
  @Test
  void powerCutLeavesTheOldPinsOrTheNew() throws IOException {
    long calls = 0;
    for (long call = 0; call <= calls; call++) {
      for (int state = 0; state < 10; state++) {
        var disk = new SimulatedFiles();
        var pins = new PinFile(disk, NAME, KEY);
        disk.cutAt(call);
        int done = 0;
        try {
          add(pins, pin(1));
          done = 1;
          add(pins, pin(2));
          done = 2;
        } catch (PowerCut _) {
          // as planned
        }
        calls = Math.max(calls, disk.calls());
        SimulatedFiles found = disk.crash(new SplittableRandom(100 * call + state));
        int left = new PinFile(found, NAME, KEY).read().map(p -> p.pins().size()).orElse(0);
        assertThat(left).as("cut at call %d", call).isBetween(done, Math.min(done + 1, 2));
        assertThat(add(new PinFile(found, NAME, KEY), pin(3)).pins()).hasSize(left + 1);
      }
    }
    assertThat(calls).isGreaterThan(10);
  }

  private static void requireRefused(byte[] damaged) throws IOException {
    PinFile opened = with(damaged);
    assertThatThrownBy(opened::read)
        .isInstanceOfAny(PinFile.WrongKeyException.class, PinFile.MalformedException.class);
  }

  private static PinFile with(byte[] sealed) throws IOException {
    var files = new SimulatedFiles();
    files.write(NAME, MemorySegment.ofArray(sealed));
    return new PinFile(files, NAME, KEY);
  }

  private static byte[] sealed(FileDevice files) throws IOException {
    byte[] sealed = new byte[(int) files.size(NAME).orElseThrow()];
    files.read(NAME, MemorySegment.ofArray(sealed));
    return sealed;
  }

  private static Pins add(PinFile file, Pin pin) throws IOException {
    return file.update(pins -> pins.with(pin), WRITER);
  }

  private static PinKey phrase(String text) {
    return PinKey.ofPassphrase(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Pin pin(int number) {
    try {
      ReadCapability capability =
          new Encoder(BlockSize.KIB_1, new MemoryBlockStore())
              .encode(
                  new ByteArrayInputStream(new byte[] {(byte) number}),
                  ConvergenceSecret.nullSecret());
      return new Pin("", "", capability, Pin.Scope.CONTENT);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
