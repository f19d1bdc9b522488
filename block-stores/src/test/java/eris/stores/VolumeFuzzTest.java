package eris.stores;

import static eris.stores.VolumeLayout.INT;
import static eris.stores.VolumeLayout.UNIT_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import eris.BlockSize;
import eris.Reference;
import eris.store.Retention;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Clock;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SplittableRandom;

/// Volumes that are wrong somewhere, with checksums that agree: nothing but an [IOException] may come
/// of them. To search: `JAZZER_FUZZ=1 mvn test -pl block-stores -am -Dtest=VolumeFuzzTest`.
class VolumeFuzzTest {
  private static final int VOLUME_BYTES = 8 << 16;
  private static final int EDIT_BYTES = 4; // of the input: a unit, where in it, two bytes for there
  private static final Retention LEASED =
      new Retention(Retention.Mode.LEASED, OptionalLong.empty());
  private static final MemoryDevice SOUND = sound();

  private static MemoryDevice sound() {
    try {
      MemoryDevice device = MemoryDevice.of(VOLUME_BYTES);
      VolumeStore.create(device, VOLUME_BYTES, LEASED, Clock.systemUTC(), new Random(1));
      try (VolumeStore store = VolumeStore.open(device, "sound", new Random(2))) {
        for (int i = 0; i < 30; i++) {
          put(store, BlockSize.KIB_1, i);
          store.sync();
        }
        put(store, BlockSize.KIB_32, 99);
        remove(store, 3);
        store.setMetadata(new byte[5000]);
        store.sync();
      }
      return device;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private record Block(Reference reference, MemorySegment bytes) {}

  private static Block block(BlockSize size, long seed) {
    byte[] bytes = new byte[size.bytes()];
    new SplittableRandom(seed).nextBytes(bytes);
    MemorySegment block = MemorySegment.ofArray(bytes);
    return new Block(Reference.of(block), block);
  }

  private static void put(VolumeStore store, BlockSize size, long seed) throws IOException {
    Block block = block(size, seed);
    store.put(block.reference(), block.bytes());
  }

  private static void remove(VolumeStore store, long seed) throws IOException {
    Reference reference = block(BlockSize.KIB_1, seed).reference();
    store.moveToTrash(reference, Long.MAX_VALUE);
    store.free(reference, Long.MAX_VALUE);
  }

  @FuzzTest
  void edits(byte[] input) {
    MemoryDevice device = SOUND.copy();
    for (int i = 0; i + EDIT_BYTES <= input.length; i += EDIT_BYTES) {
      edit(device.memory(), input, i);
    }
    read(device.copy());
    write(device);
  }

  /// Also sets the checksums that the unit may have.
  private static void edit(MemorySegment volume, byte[] input, int at) {
    long units = VOLUME_BYTES / UNIT_BYTES;
    long unit = (input[at] & 0xff) % units;
    MemorySegment bytes = volume.asSlice(unit * UNIT_BYTES, UNIT_BYTES);
    int offset = (input[at + 1] & 0xff) * 2 % UNIT_BYTES;
    bytes.set(ValueLayout.JAVA_BYTE, offset, input[at + 2]);
    bytes.set(ValueLayout.JAVA_BYTE, offset + 1L, input[at + 3]);
    if (unit < 2) {
      VolumeLayout.seal(bytes, 12);
    } else if (bytes.get(VolumeLayout.LONG, Journal.MAGIC) == Journal.MAGIC_TEXT) {
      sealRecord(bytes);
    } else {
      VolumeLayout.seal(bytes, 0);
    }
  }

  private static void sealRecord(MemorySegment unit) {
    long sealed = Journal.HEADER_BYTES + 48L * unit.get(INT, Journal.COUNT);
    if (sealed >= Journal.HEADER_BYTES && sealed <= UNIT_BYTES) {
      VolumeLayout.seal(unit.asSlice(0, sealed), Journal.CHECKSUM);
    }
  }

  private static void read(MemoryDevice device) {
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    try (VolumeStore store = VolumeStore.openReadOnly(device, "edited")) {
      for (int i = 0; i < 30; i++) {
        store.get(block(BlockSize.KIB_1, i).reference(), target);
      }
      store.forEachDated(Reference.LEAST, (_, _, _, _) -> {});
      store.metadata();
      assertThat(store.stat().sizeBytes()).isLessThanOrEqualTo(VOLUME_BYTES);
    } catch (IOException _) {
      // said so
    }
  }

  private static void write(MemoryDevice device) {
    try (VolumeStore store = VolumeStore.open(device, "edited", new Random(3))) {
      for (int i = 20; i < 40; i++) {
        put(store, BlockSize.KIB_1, i);
        store.sync();
        remove(store, i - 15);
      }
      store.sync();
    } catch (IOException _) {
      // said so
    }
    try {
      VolumeStore.rebuild(device, new Random(4));
    } catch (IOException _) {
      // said so
    }
  }

  /// A superblock that is believed says the same when it is written again.
  @FuzzTest
  void superblocks(byte[] input) {
    MemorySegment unit = MemorySegment.ofArray(new byte[UNIT_BYTES]);
    unit.copyFrom(SOUND.memory().asSlice(0, UNIT_BYTES));
    int length = Math.min(input.length, UNIT_BYTES - 16);
    MemorySegment.copy(MemorySegment.ofArray(input), 0, unit, 16, length);
    VolumeLayout.seal(unit, 12);
    try {
      Superblock superblock = Superblock.parse(unit);
      MemorySegment again = MemorySegment.ofArray(new byte[UNIT_BYTES]);
      superblock.writeTo(again);
      assertThat(Superblock.parse(again)).isEqualTo(superblock);
    } catch (DamagedVolume _) {
      // said so
    }
  }
}
