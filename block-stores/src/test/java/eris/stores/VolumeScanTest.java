package eris.stores;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.Retention;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VolumeScanTest {
  private static final int VOLUME_BYTES = 8 << 20; // 64 extents, with 124 slots of 1 KiB in each
  private static final int SMALL_COUNT = 1000;
  private static final int LARGE_COUNT = 40;
  private static final Retention LEASED =
      new Retention(Retention.Mode.LEASED, OptionalLong.empty());

  private final MemoryDevice device = MemoryDevice.of(VOLUME_BYTES);
  private final List<Block> blocks = new ArrayList<>();
  private final Told told = new Told();

  private record Block(Reference reference, MemorySegment bytes) {
    static Block of(BlockSize size, long seed) {
      byte[] bytes = new byte[size.bytes()];
      new SplittableRandom(seed).nextBytes(bytes);
      MemorySegment block = MemorySegment.ofArray(bytes);
      return new Block(Reference.of(block), block);
    }

    void putTo(VolumeStore store) throws IOException {
      store.put(reference, bytes);
    }
  }

  private static class Told implements CopyScan.Visitor {
    int sound;
    final Set<Reference> corrupt = new HashSet<>();
    final List<String> positions = new ArrayList<>();

    @Override
    public void sound(BlockSize size) throws IOException {
      sound++;
    }

    @Override
    public void corrupt(CorruptBlock bad) {
      assertThat(corrupt.add(bad.reference())).as("told once").isTrue();
    }

    @Override
    public void visitedTo(String position) {
      positions.add(position);
    }
  }

  /// Cannot read one byte.
  private record ScratchedDevice(Device device, long offset) implements Device {
    @Override
    public void read(long at, MemorySegment target) throws IOException {
      if (at <= offset && offset < at + target.byteSize()) {
        throw new IOException("Input/output error");
      }
      device.read(at, target);
    }

    @Override
    public long size() throws IOException {
      return device.size();
    }

    @Override
    public boolean grows() {
      return device.grows();
    }

    @Override
    public void write(long at, MemorySegment source) throws IOException {
      device.write(at, source);
    }

    @Override
    public void reserve(long at, long sizeBytes) throws IOException {
      device.reserve(at, sizeBytes);
    }

    @Override
    public void flush() throws IOException {
      device.flush();
    }

    @Override
    public void close() throws IOException {
      device.close();
    }
  }

  @BeforeEach
  void fill() throws IOException {
    VolumeStore.create(device, VOLUME_BYTES, LEASED, Clock.systemUTC(), new Random(1));
    try (VolumeStore store = open()) {
      for (int i = 0; i < SMALL_COUNT; i++) {
        blocks.add(Block.of(BlockSize.KIB_1, i));
      }
      for (int i = 0; i < LARGE_COUNT; i++) {
        blocks.add(Block.of(BlockSize.KIB_32, -1 - i));
      }
      for (Block block : blocks) {
        block.putTo(store);
      }
      store.sync();
    }
  }

  private VolumeStore open() throws IOException {
    return VolumeStore.open(device, "here", new Random(2));
  }

  private void damage(int... indices) throws IOException {
    for (int index : indices) {
      flip(offsetOf(index) + 100);
    }
  }

  private void flip(long offset) {
    byte old = device.memory().get(ValueLayout.JAVA_BYTE, offset);
    device.memory().set(ValueLayout.JAVA_BYTE, offset, (byte) (old ^ 1));
  }

  private long offsetOf(int index) throws IOException {
    try (VolumeStore store = VolumeStore.openReadOnly(device, "here")) {
      String place = store.placeOf(blocks.get(index).reference());
      return Long.parseLong(place.replaceAll(".* byte (\\d+) .*", "$1"));
    }
  }

  private void scan(VolumeStore store, int maxSlots, String from) throws IOException {
    store.scan(maxSlots).run(from, told);
  }

  private void scanReadOnly(Device on, int maxSlots, String from) throws IOException {
    try (VolumeStore store = VolumeStore.openReadOnly(on, "here")) {
      scan(store, maxSlots, from);
    }
  }

  private Set<Reference> references(int... indices) {
    Set<Reference> references = new HashSet<>();
    for (int index : indices) {
      references.add(blocks.get(index).reference());
    }
    return references;
  }

  /// In one window, in windows of one extent, and of a few.
  @ParameterizedTest
  @ValueSource(ints = {VolumeScan.MAX_SLOTS, 1, 300})
  void badCopiesAreFoundAndNoOthers(int maxSlots) throws IOException {
    int[] bad = {0, 3, 124, 500, 999, 1000, 1039};
    damage(bad);
    scanReadOnly(device, maxSlots, "");
    assertThat(told.corrupt).isEqualTo(references(bad));
    assertThat(told.sound).isEqualTo(SMALL_COUNT + LARGE_COUNT - bad.length);
  }

  @Test
  void copyThatCannotBeReadIsBadAndItsNeighboursAreNot() throws IOException {
    scanReadOnly(new ScratchedDevice(device, offsetOf(500) + 7), VolumeScan.MAX_SLOTS, "");
    assertThat(told.corrupt).isEqualTo(references(500));
    assertThat(told.sound).isEqualTo(SMALL_COUNT + LARGE_COUNT - 1);
  }

  @Test
  void whatWasSetAsideIsToldAndWhatIsInTheTrashIsVerified() throws IOException {
    damage(5, 6);
    try (VolumeStore store = open()) {
      store.setAside(blocks.get(5).reference());
      for (int trashed : new int[] {6, 7}) {
        assertThat(store.moveToTrash(blocks.get(trashed).reference(), Long.MAX_VALUE)).isTrue();
      }
      scan(store, VolumeScan.MAX_SLOTS, "");
    }
    assertThat(told.corrupt).isEqualTo(references(5, 6));
    assertThat(told.sound).isEqualTo(SMALL_COUNT + LARGE_COUNT - 2);
  }

  /// The device does not have it yet.
  @Test
  void blockThatWaitsInTheWriterIsSound() throws IOException {
    try (VolumeStore store = open()) {
      Block.of(BlockSize.KIB_1, 7777).putTo(store);
      scan(store, VolumeScan.MAX_SLOTS, "");
    }
    assertThat(told.corrupt).isEmpty();
    assertThat(told.sound).isEqualTo(SMALL_COUNT + LARGE_COUNT + 1);
  }

  /// While it goes on, all that it has not seen is removed and its slots are used anew.
  @Test
  void slotsUsedAnewMeanwhileAreNotBad() throws IOException {
    try (VolumeStore store = open()) {
      var changing =
          new Told() {
            @Override
            public void sound(BlockSize size) throws IOException {
              super.sound(size);
              if (sound == 10) {
                replaceAll(store);
              }
            }
          };
      store.scan(200).run("", changing);
      assertThat(changing.corrupt).isEmpty();
      assertThat(changing.sound).isGreaterThan(2 * LARGE_COUNT);
    }
  }

  private void replaceAll(VolumeStore store) throws IOException {
    for (int pass = 0; pass < 2; pass++) {
      for (Block block : blocks) {
        assertThat(
                pass == 0
                    ? store.moveToTrash(block.reference(), Long.MAX_VALUE)
                    : store.free(block.reference(), Long.MAX_VALUE))
            .isTrue();
      }
      store.sync();
    }
    store.setMetadata(new byte[500_000]); // which takes a checkpoint
    for (int i = 0; i < SMALL_COUNT; i++) {
      Block.of(BlockSize.KIB_1, 100_000 + i).putTo(store);
    }
    store.sync();
  }

  /// From every position told, what is bad and was not told before is found.
  @ParameterizedTest
  @ValueSource(ints = {VolumeScan.MAX_SLOTS, 300})
  void goesOnFromAnyPosition(int maxSlots) throws IOException {
    damage(300, 700);
    List<Set<Reference>> before = new ArrayList<>();
    var first =
        new Told() {
          @Override
          public void visitedTo(String position) {
            super.visitedTo(position);
            before.add(Set.copyOf(corrupt));
          }
        };
    try (VolumeStore store = VolumeStore.openReadOnly(device, "here")) {
      store.scan(maxSlots).run("", first);
    }
    assertThat(first.positions).hasSizeGreaterThan(3);
    int rest = SMALL_COUNT + LARGE_COUNT;
    for (int i = 0; i < first.positions.size(); i++) {
      told.corrupt.clear();
      told.sound = 0;
      scanReadOnly(device, maxSlots, first.positions.get(i));
      assertThat(told.sound).isLessThanOrEqualTo(rest);
      rest = told.sound;
      told.corrupt.addAll(before.get(i));
      assertThat(told.corrupt).isEqualTo(references(300, 700));
    }
    assertThat(rest).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"extent -1", "extent 4294967296", "extent", "CJSA"})
  void positionThatIsNoneIsTheBeginning(String position) throws IOException {
    scanReadOnly(device, VolumeScan.MAX_SLOTS, position);
    assertThat(told.sound).isEqualTo(SMALL_COUNT + LARGE_COUNT);
  }
}
