package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.Retention;
import eris.stores.VolumeStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// Works with a volume on a simulated disk, and remembers what may be found after a crash.
final class VolumeWitness {
  /// The blocks that are put, and one that never is.
  static final List<SampleBlock> BLOCKS = blocks();

  static final Retention LEASED = new Retention(Retention.Mode.LEASED, OptionalLong.empty());

  private static final SampleBlock FRESH = SampleBlock.of(BlockSize.KIB_1, 1_000_000);
  private static final int VOLUME_BYTES = 1 << 20;
  private static final int EXTENT_UNITS = 16;

  /// What may be known of a block.
  private enum State {
    ABSENT,
    HELD,
    TRASH,
    ASIDE
  }

  private final Map<SampleBlock, State> now = new HashMap<>();

  /// What each block was since the last sync, and at that.
  private final Map<SampleBlock, Set<State>> since = new HashMap<>();

  /// Bits that were flipped in a block, as long as it is not known to be set aside.
  private final Map<SampleBlock, List<Long>> flipped = new HashMap<>();

  private byte[] document = {};

  /// The one that is being written; either may be found.
  private byte[] nextDocument = {};

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
    VolumeStore.create(disk, VOLUME_BYTES, LEASED, Clock.systemUTC(), new Random(1));
    return disk;
  }

  /// An empty volume that grows.
  static SimulatedDevice file(int sectorBytes) throws IOException {
    SimulatedDevice file = SimulatedDevice.file(sectorBytes);
    VolumeStore.createGrowing(file, EXTENT_UNITS, LEASED, Clock.systemUTC(), new Random(1));
    return file;
  }

  VolumeStore open(SimulatedDevice disk) throws IOException {
    return VolumeStore.open(disk, "simulated", new Random(2));
  }

  /// Moves a block to the trash and frees it.
  ///
  /// @return whether it was held
  static boolean remove(VolumeStore store, Reference reference) throws IOException {
    return store.moveToTrash(reference, Long.MAX_VALUE) && store.free(reference, Long.MAX_VALUE);
  }

  // What is done

  void put(VolumeStore store, SampleBlock... blocks) throws IOException {
    for (SampleBlock block : blocks) {
      enter(block, State.HELD);
      store.put(block.reference(), block.bytes());
    }
  }

  /// Whether so many bytes have room in a quota beside what is there.
  boolean fits(SampleBlock block, long quotaBytes) {
    return stateOf(block) != State.ABSENT || usedBytes() + size(block) <= quotaBytes;
  }

  void remove(VolumeStore store, SampleBlock block) throws IOException {
    trash(store, block);
    free(store, block);
  }

  void trash(VolumeStore store, SampleBlock block) throws IOException {
    boolean wanted = stateOf(block) == State.HELD;
    if (wanted) {
      enter(block, State.TRASH);
    }
    assertThat(store.moveToTrash(block.reference(), Long.MAX_VALUE)).isEqualTo(wanted);
  }

  void free(VolumeStore store, SampleBlock block) throws IOException {
    boolean wanted = stateOf(block) == State.TRASH;
    if (wanted) {
      enter(block, State.ABSENT);
    }
    assertThat(store.free(block.reference(), Long.MAX_VALUE)).isEqualTo(wanted);
  }

  void restore(VolumeStore store, SampleBlock block) throws IOException {
    boolean held = EnumSet.of(State.HELD, State.TRASH).contains(stateOf(block));
    if (stateOf(block) == State.TRASH) {
      enter(block, State.HELD);
    }
    assertThat(store.restore(block.reference())).isEqualTo(held);
  }

  /// Flips a bit of a block on the disk, and takes it out of use.
  void rot(VolumeStore store, SampleBlock block, SimulatedDevice disk) throws IOException {
    if (stateOf(block) == State.HELD) {
      sync(store);
      flipped.put(block, flip(block, disk));
      enter(block, State.ASIDE);
    }
    store.setAside(block.reference());
    flipped.clear();
    clearUncertainty();
  }

  /// Wherever it is, for there may be copies that are no longer used.
  private static List<Long> flip(SampleBlock block, SimulatedDevice disk) {
    byte[] bytes = disk.bytes();
    byte[] wanted = block.bytes().toArray(ValueLayout.JAVA_BYTE);
    List<Long> bits = new ArrayList<>();
    for (int at = 0; at + wanted.length <= bytes.length; at += 1024) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        bits.add(8L * at + 3);
      }
    }
    bits.forEach(disk::flip);
    return bits;
  }

  void setDocument(VolumeStore store, byte[] content) throws IOException {
    nextDocument = content;
    store.setMetadata(content);
    document = content;
    clearUncertainty();
  }

  void sync(VolumeStore store) throws IOException {
    store.sync();
    clearUncertainty();
    acknowledged += now.values().stream().filter(state -> state == State.HELD).count();
  }

  private void enter(SampleBlock block, State state) {
    since.computeIfAbsent(block, _ -> EnumSet.of(stateOf(block))).add(state);
    now.put(block, state);
  }

  private State stateOf(SampleBlock block) {
    return now.getOrDefault(block, State.ABSENT);
  }

  private void clearUncertainty() {
    since.clear();
  }

  /// Blocks held at a sync, summed up.
  long acknowledged() {
    return acknowledged;
  }

  boolean isHeld(SampleBlock block) {
    return stateOf(block) == State.HELD;
  }

  // What is found

  /// What is there after a crash, from now on: of each block something that it was since the last
  /// sync, and no wrong byte.
  void reconcile(SimulatedDevice disk) throws IOException {
    flipBack(disk);
    try (var store = VolumeStore.openReadOnly(disk, "simulated")) {
      for (SampleBlock block : BLOCKS) {
        State found = found(store, block);
        Set<State> possible = since.getOrDefault(block, EnumSet.of(stateOf(block)));
        if (!possible.contains(found) && !flipped.containsKey(block)) {
          throw new AssertionError(
              "block %s is %s, want one of %s".formatted(block.reference(), found, possible));
        }
        now.put(block, found);
      }
      clearUncertainty();
      flipped.clear();
      byte[] found = store.metadata();
      assertThat(Arrays.equals(found, document) || Arrays.equals(found, nextDocument))
          .as("a document of %d bytes", found.length)
          .isTrue();
      document = found;
      nextDocument = found;
    }
  }

  /// Power was cut before a block was set aside, and the store still believes in it.
  private void flipBack(SimulatedDevice disk) throws IOException {
    try (var store = VolumeStore.openReadOnly(disk, "simulated")) {
      for (var block : flipped.entrySet()) {
        if (readsWrong(store, block.getKey())) {
          block.getValue().forEach(disk::flip);
        }
      }
    }
  }

  private boolean readsWrong(VolumeStore store, SampleBlock block) throws IOException {
    try {
      var read = store.get(block.reference(), target);
      return read.isPresent() && read.get().mismatch(block.bytes()) >= 0;
    } catch (CorruptBlock _) {
      return false;
    }
  }

  /// What is there, exactly, and that the volume takes more.
  void check(SimulatedDevice disk) throws IOException {
    reconcile(disk);
    try (var store = open(disk)) {
      checkHeld(store);
      store.put(FRESH.reference(), FRESH.bytes());
      store.sync();
      assertThat(found(store, FRESH)).isEqualTo(State.HELD);
      remove(store, FRESH.reference());
      store.sync();
    }
    reconcile(disk);
  }

  void checkHeld(VolumeStore store) throws IOException {
    Map<Reference, State> expected = new TreeMap<>();
    for (SampleBlock block : BLOCKS) {
      State found = found(store, block);
      if (found != stateOf(block)) {
        throw new AssertionError(
            "block %s is %s, want %s".formatted(block.reference(), found, stateOf(block)));
      }
      if (stateOf(block) != State.ABSENT) {
        expected.put(block.reference(), stateOf(block));
      }
    }
    List<Reference> copies = new ArrayList<>();
    store.forEachCopy(Reference.LEAST, (reference, _) -> copies.add(reference));
    assertThat(copies).containsExactlyElementsOf(expected.keySet());
    expected.values().removeIf(state -> state == State.ASIDE);
    List<Reference> dated = new ArrayList<>();
    store.forEachDated(
        Reference.LEAST,
        (reference, _, sequence, inTrash) -> {
          dated.add(reference);
          assertThat(inTrash).isEqualTo(expected.get(reference) == State.TRASH);
          assertThat(sequence).isLessThanOrEqualTo(store.sequence());
        });
    assertThat(dated).containsExactlyElementsOf(expected.keySet());
    expected.values().removeIf(state -> state == State.TRASH);
    List<Reference> listed = new ArrayList<>();
    store.forEach(Reference.LEAST, (reference, _) -> listed.add(reference));
    assertThat(listed).containsExactlyElementsOf(expected.keySet());
    assertThat(store.stat().usedBytes()).isEqualTo(usedBytes());
    assertThat(store.metadata()).isEqualTo(document);
  }

  private long usedBytes() {
    return now.entrySet().stream()
        .filter(entry -> entry.getValue() != State.ABSENT)
        .mapToLong(entry -> size(entry.getKey()))
        .sum();
  }

  private static long size(SampleBlock block) {
    return block.bytes().byteSize();
  }

  private State found(VolumeStore store, SampleBlock block) throws IOException {
    boolean contained = store.contains(block.reference());
    try {
      var read = store.get(block.reference(), target);
      if (read.isEmpty()) {
        assertThat(contained).isFalse();
        return State.ABSENT;
      }
      if (read.get().mismatch(block.bytes()) == -1) {
        return contained ? State.HELD : State.TRASH;
      }
      throw new AssertionError("block " + block.reference() + " reads wrong");
    } catch (CorruptBlock e) {
      assertThat(contained).isFalse();
      assertThat(e.detail()).isEqualTo("was bad and is set aside");
      return State.ASIDE;
    }
  }
}
