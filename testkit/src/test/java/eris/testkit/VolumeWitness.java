package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.Retention;
import eris.stores.VolumeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// Works with a volume on a simulated disk, and remembers what may be found after a crash.
final class VolumeWitness {
  /// The blocks that are put, and one that never is.
  static final List<SampleBlock> BLOCKS = blocks();

  static final Retention LEASED = new Retention(Retention.Mode.LEASED, OptionalLong.empty());

  private static final SampleBlock FRESH = SampleBlock.of(BlockSize.KIB_1, 1_000_000);
  private static final int VOLUME_BYTES = 1 << 20;
  private static final int EXTENT_UNITS = 16;
  private static final int[] SECTOR_BYTES = {512, 4096};
  private static final Map<Integer, SimulatedDevice> DISKS = new ConcurrentHashMap<>();
  private static final Map<Integer, SimulatedDevice> FILES = new ConcurrentHashMap<>();
  private static final List<SampleBlock> IN_ORDER =
      BLOCKS.stream().sorted(Comparator.comparing(SampleBlock::reference)).toList();

  /// What may be known of a block.
  private enum State {
    ABSENT,
    HELD,
    TRASH,
    ASIDE
  }

  private final Map<SampleBlock, State> now;

  /// What each block was since the last sync, and at that.
  private final Map<SampleBlock, Set<State>> since;

  /// Bits that were flipped in a block, as long as it is not known to be set aside.
  private final Map<SampleBlock, List<Long>> flipped;

  private byte[] document;

  /// The one that is being written; either may be found.
  private byte[] nextDocument;

  private final MemorySegment target;
  private long acknowledged;

  /// Knows of an empty volume.
  VolumeWitness() {
    now = new HashMap<>();
    since = new HashMap<>();
    flipped = new HashMap<>();
    document = new byte[] {};
    nextDocument = document;
    target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
  }

  /// Knows the same, and may learn something else; not while `other` does.
  VolumeWitness(VolumeWitness other) {
    now = new HashMap<>(other.now);
    since = new HashMap<>(other.since);
    flipped = new HashMap<>(other.flipped);
    document = other.document;
    nextDocument = other.nextDocument;
    target = other.target;
  }

  private static List<SampleBlock> blocks() {
    var blocks = new ArrayList<>(SampleBlock.list(BlockSize.KIB_1, 40));
    blocks.addAll(SampleBlock.list(BlockSize.KIB_32, 3));
    return List.copyOf(blocks);
  }

  /// An empty volume of 1 MiB.
  static SimulatedDevice disk(int sectorBytes) {
    return DISKS.computeIfAbsent(sectorBytes, VolumeWitness::formattedDisk).copy();
  }

  private static SimulatedDevice formattedDisk(int sectorBytes) {
    try {
      var disk = new SimulatedDevice(sectorBytes, VOLUME_BYTES);
      VolumeStore.create(disk, VOLUME_BYTES, LEASED, Clock.systemUTC(), new Random(1));
      return disk;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An empty volume that grows.
  static SimulatedDevice file(int sectorBytes) {
    return FILES.computeIfAbsent(sectorBytes, VolumeWitness::formattedFile).copy();
  }

  private static SimulatedDevice formattedFile(int sectorBytes) {
    try {
      SimulatedDevice file = SimulatedDevice.file(sectorBytes);
      VolumeStore.createGrowing(file, EXTENT_UNITS, LEASED, Clock.systemUTC(), new Random(1));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An empty volume of any kind there is.
  static SimulatedDevice anyDisk(RandomGenerator random) {
    int sectorBytes = SECTOR_BYTES[random.nextInt(SECTOR_BYTES.length)];
    return random.nextBoolean() ? disk(sectorBytes) : file(sectorBytes);
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
        if (!flipped.containsKey(block)) {
          requireOneOf(possible, block, found);
        }
        now.put(block, found);
      }
      clearUncertainty();
      flipped.clear();
      byte[] found = store.metadata();
      checkDocument(found, document, nextDocument);
      document = found;
      nextDocument = found;
    }
  }

  /// Power was cut before a block was set aside, and the store still believes in it.
  private void flipBack(SimulatedDevice disk) throws IOException {
    if (flipped.isEmpty()) {
      return;
    }
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
    List<Reference> copies = new ArrayList<>();
    List<Reference> dated = new ArrayList<>();
    List<Reference> trash = new ArrayList<>();
    List<Reference> held = new ArrayList<>();
    for (SampleBlock block : IN_ORDER) {
      State state = stateOf(block);
      requireOneOf(EnumSet.of(state), block, found(store, block));
      addIf(state != State.ABSENT, block, copies);
      addIf(state == State.HELD || state == State.TRASH, block, dated);
      addIf(state == State.TRASH, block, trash);
      addIf(state == State.HELD, block, held);
    }
    checkInventory(store, copies, dated, trash, held);
    assertThat(store.stat().usedBytes()).isEqualTo(usedBytes());
    checkDocument(store.metadata(), document);
  }

  private static void addIf(boolean wanted, SampleBlock block, List<Reference> references) {
    if (wanted) {
      references.add(block.reference());
    }
  }

  /// That all walks meet what they should, in ascending order.
  private static void checkInventory(
      VolumeStore store,
      List<Reference> copies,
      List<Reference> dated,
      List<Reference> trash,
      List<Reference> held)
      throws IOException {
    List<Reference> walked = new ArrayList<>();
    store.forEachCopy(Reference.LEAST, (reference, _) -> walked.add(reference));
    requireEqual(walked, copies, "copies");
    walked.clear();
    List<Reference> inTrash = new ArrayList<>();
    long next = store.sequence();
    store.forEachDated(
        Reference.LEAST,
        (reference, _, sequence, isTrash) -> {
          walked.add(reference);
          if (isTrash) {
            inTrash.add(reference);
          }
          if (sequence > next) {
            throw new AssertionError("a block was put at " + sequence + ", and now is " + next);
          }
        });
    requireEqual(walked, dated, "dated blocks");
    requireEqual(inTrash, trash, "blocks in the trash");
    walked.clear();
    store.forEach(Reference.LEAST, (reference, _) -> walked.add(reference));
    requireEqual(walked, held, "blocks");
  }

  /// Cheaper than an assertion of a library, which matters where there are millions.
  private static void requireEqual(List<Reference> found, List<Reference> wanted, String what) {
    if (!found.equals(wanted)) {
      throw new AssertionError("%s: %s, want %s".formatted(what, found, wanted));
    }
  }

  private static void requireOneOf(Set<State> possible, SampleBlock block, State found) {
    if (!possible.contains(found)) {
      throw new AssertionError(
          "block %s is %s, want one of %s".formatted(block.reference(), found, possible));
    }
  }

  private static void checkDocument(byte[] found, byte[]... possible) {
    for (byte[] document : possible) {
      if (Arrays.equals(found, document)) {
        return;
      }
    }
    throw new AssertionError("the document is another one, of " + found.length + " bytes");
  }

  private long usedBytes() {
    long bytes = 0;
    for (var block : now.entrySet()) {
      bytes += block.getValue() == State.ABSENT ? 0 : size(block.getKey());
    }
    return bytes;
  }

  private static long size(SampleBlock block) {
    return block.bytes().byteSize();
  }

  private State found(VolumeStore store, SampleBlock block) throws IOException {
    boolean contained = store.contains(block.reference());
    try {
      var read = store.get(block.reference(), target);
      if (read.isEmpty()) {
        require(!contained, block, "is contained, but not there");
        return State.ABSENT;
      }
      if (read.get().mismatch(block.bytes()) == -1) {
        return contained ? State.HELD : State.TRASH;
      }
      throw new AssertionError("block %s reads wrong".formatted(block.reference()));
    } catch (CorruptBlock e) {
      require(!contained, block, "is contained, but set aside");
      assertThat(e.detail()).isEqualTo("was bad and is set aside");
      return State.ASIDE;
    }
  }

  private static void require(boolean holds, SampleBlock block, String otherwise) {
    if (!holds) {
      throw new AssertionError("block %s %s".formatted(block.reference(), otherwise));
    }
  }
}
