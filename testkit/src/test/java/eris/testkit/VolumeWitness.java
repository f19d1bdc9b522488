package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import eris.stores.VolumeStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// Works with a volume on a simulated disk, and remembers what may be found after a crash.
final class VolumeWitness {
  /// The blocks that are put, and one that never is.
  static final List<SampleBlock> BLOCKS = blocks();

  private static final SampleBlock FRESH = SampleBlock.of(BlockSize.KIB_1, 1_000_000);
  private static final Reference FIRST = new Reference(0, 0, 0, 0);
  private static final int VOLUME_BYTES = 1 << 20;
  private static final int EXTENT_UNITS = 16;

  private final Set<SampleBlock> held = new HashSet<>();

  /// Blocks that were put or removed since the last sync: either may be found.
  private final Set<SampleBlock> uncertain = new HashSet<>();

  private final MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
  private long acknowledged;

  private static List<SampleBlock> blocks() {
    var blocks = new ArrayList<>(SampleBlock.list(BlockSize.KIB_1, 40));
    blocks.addAll(SampleBlock.list(BlockSize.KIB_32, 3));
    return List.copyOf(blocks);
  }

  /// An empty volume of 1 MiB.
  static SimulatedDevice disk(int sectorBytes) throws IOException {
    var disk = new SimulatedDevice(sectorBytes, VOLUME_BYTES);
    VolumeStore.create(disk, VOLUME_BYTES, Clock.systemUTC(), new Random(1));
    return disk;
  }

  /// An empty volume that grows.
  static SimulatedDevice file(int sectorBytes) throws IOException {
    SimulatedDevice file = SimulatedDevice.file(sectorBytes);
    VolumeStore.createGrowing(file, EXTENT_UNITS, Clock.systemUTC(), new Random(1));
    return file;
  }

  VolumeStore open(SimulatedDevice disk) throws IOException {
    return VolumeStore.open(disk, "simulated", new Random(2));
  }

  void put(VolumeStore store, SampleBlock... blocks) throws IOException {
    for (SampleBlock block : blocks) {
      if (held.add(block)) {
        uncertain.add(block);
      }
      store.put(block.reference(), block.bytes());
    }
  }

  void remove(VolumeStore store, SampleBlock block) throws IOException {
    boolean wasHeld = held.remove(block);
    if (wasHeld) {
      uncertain.add(block);
    }
    assertThat(store.remove(block.reference())).isEqualTo(wasHeld);
  }

  void sync(VolumeStore store) throws IOException {
    store.sync();
    uncertain.clear();
    acknowledged += held.size();
  }

  /// Blocks held at a sync, summed up.
  long acknowledged() {
    return acknowledged;
  }

  boolean isHeld(SampleBlock block) {
    return held.contains(block);
  }

  /// What is held after a crash, from now on. Synced blocks are there, removed ones are not, others
  /// may be, none reads wrong.
  void reconcile(SimulatedDevice disk) throws IOException {
    try (var store = VolumeStore.openReadOnly(disk, "simulated")) {
      for (SampleBlock block : BLOCKS) {
        boolean found = reads(store, block);
        if (uncertain.contains(block)) {
          held.remove(block);
          if (found) {
            held.add(block);
          }
        }
        requireAsHeld(block, found);
      }
      uncertain.clear();
    }
  }

  /// What is held, exactly, and that the volume takes more.
  void check(SimulatedDevice disk) throws IOException {
    reconcile(disk);
    try (var store = open(disk)) {
      checkHeld(store);
      store.put(FRESH.reference(), FRESH.bytes());
      store.sync();
      assertThat(reads(store, FRESH)).isTrue();
      store.remove(FRESH.reference());
      store.sync();
    }
    reconcile(disk);
  }

  void checkHeld(VolumeStore store) throws IOException {
    Set<Reference> expected = new TreeSet<>();
    for (SampleBlock block : BLOCKS) {
      requireAsHeld(block, reads(store, block));
      if (held.contains(block)) {
        expected.add(block.reference());
      }
    }
    List<Reference> listed = new ArrayList<>();
    store.forEach(FIRST, (reference, _) -> listed.add(reference));
    assertThat(listed).containsExactlyElementsOf(expected);
  }

  private void requireAsHeld(SampleBlock block, boolean found) {
    if (found != held.contains(block)) {
      throw new AssertionError(
          "block " + block.reference() + (found ? " is there again" : " is lost"));
    }
  }

  private boolean reads(VolumeStore store, SampleBlock block) throws IOException {
    var read = store.get(block.reference(), target);
    if (read.isPresent() != store.contains(block.reference())) {
      throw new AssertionError("get and contains differ about " + block.reference());
    }
    if (read.isPresent() && read.get().mismatch(block.bytes()) != -1) {
      throw new AssertionError("block " + block.reference() + " reads wrong");
    }
    return read.isPresent();
  }
}
