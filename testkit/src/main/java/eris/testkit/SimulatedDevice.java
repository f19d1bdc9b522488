package eris.testkit;

import eris.stores.Device;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A disk in memory that fails as told: it loses power, fills up, or refuses the n-th call.
///
/// Meaner than any real one: until it is flushed, each sector written since is old, any of the
/// versions it had, or nonsense, whatever became of the others. Once a flush has failed, later ones
/// succeed without effect, as on Linux. Writes and flushes count as calls.
public final class SimulatedDevice extends SimulatedHardware implements Device {
  private static final long UNLIMITED = Long.MAX_VALUE;

  private final int sectorBytes;
  private final boolean grows;
  private final SharedPages content;
  private int size;
  private int durableSize;

  /// What sectors held before, oldest first; only of those written since the last flush.
  private final SortedMap<Integer, List<byte[]>> unflushed = new TreeMap<>();

  private BitSet allocated = new BitSet(); // which sectors take space
  private long freeBytes = UNLIMITED;
  private boolean doomed;
  private long writes;
  private long flushes;
  private long outcome;
  private Runnable watcher = () -> {};

  /// A disk of fixed size.
  ///
  /// @param sectorBytes what arrives or not, whole
  public SimulatedDevice(int sectorBytes, int sizeBytes) {
    this(sectorBytes, false, new SharedPages(sizeBytes), sizeBytes);
    allocated.set(0, Math.ceilDiv(sizeBytes, sectorBytes));
  }

  /// An empty file.
  public static SimulatedDevice file(int sectorBytes) {
    return new SimulatedDevice(sectorBytes, true, new SharedPages(1 << 16), 0);
  }

  private SimulatedDevice(int sectorBytes, boolean grows, SharedPages content, int size) {
    this.sectorBytes = sectorBytes;
    this.grows = grows;
    this.content = content;
    this.size = size;
    this.durableSize = size;
  }

  /// Tells `watcher` of each call while nobody knows yet what becomes of it: a write has been made,
  /// a flush has not. It may look at what a [#crash] would leave now.
  public synchronized void watch(Runnable watcher) {
    this.watcher = watcher;
  }

  /// What a reboot might find: a sound disk.
  public synchronized SimulatedDevice crash(RandomGenerator random) {
    var after = copy();
    after.outcome = flushes;
    for (var sector : unflushed.entrySet()) {
      List<byte[]> versions = sector.getValue();
      int choice = random.nextInt(versions.size() + 2);
      long at = (long) sector.getKey() * sectorBytes;
      byte[] found =
          choice < versions.size()
              ? versions.get(choice)
              : choice == versions.size() ? sectorAt(at) : nonsense(random);
      after.content.write(at, MemorySegment.ofArray(found));
      if (!Arrays.equals(found, versions.getFirst())) {
        after.outcome += mix(at + mix(Arrays.hashCode(found)));
      }
    }
    if (grows && size > durableSize) {
      after.size = durableSize + random.nextInt(size - durableSize + 1);
      after.content.clearFrom(after.size);
      after.durableSize = after.size;
      after.outcome += mix(-after.size);
    }
    return after;
  }

  private byte[] sectorAt(long offset) {
    byte[] sector = new byte[sectorBytes];
    content.read(offset, MemorySegment.ofArray(sector));
    return sector;
  }

  private byte[] nonsense(RandomGenerator random) {
    byte[] bytes = new byte[sectorBytes];
    random.nextBytes(bytes);
    return bytes;
  }

  private static long mix(long value) {
    long mixed = value * 0x9e3779b97f4a7c15L; // 2^64 over the golden ratio
    return mixed ^ mixed >>> 32;
  }

  /// Tells what one crash of a disk left from what another one did: it is the same where no byte
  /// differs, and both came between the same two flushes.
  public synchronized long outcome() {
    return outcome;
  }

  /// The same bytes on a sound disk, all of them durable.
  public synchronized SimulatedDevice copy() {
    var copy = new SimulatedDevice(sectorBytes, grows, content.copy(), size);
    copy.allocated = (BitSet) allocated.clone();
    return copy;
  }

  /// The number of writes so far.
  public synchronized long writes() {
    return writes;
  }

  /// From now on a file can take this many bytes more.
  public synchronized void freeBytes(long bytes) {
    freeBytes = bytes;
  }

  /// Flips one bit, as a worn-out disk does.
  public synchronized void flip(long bit) {
    MemorySegment flipped = MemorySegment.ofArray(new byte[1]);
    content.read(bit / Byte.SIZE, flipped);
    byte before = flipped.get(ValueLayout.JAVA_BYTE, 0);
    flipped.set(ValueLayout.JAVA_BYTE, 0, (byte) (before ^ 1 << bit % Byte.SIZE));
    content.write(bit / Byte.SIZE, flipped);
  }

  /// Puts bytes there as if they had always been.
  public synchronized void overwrite(long offset, byte[] bytes) {
    content.write(offset, MemorySegment.ofArray(bytes));
  }

  /// All that is there.
  public synchronized byte[] bytes() {
    byte[] bytes = new byte[size];
    content.read(0, MemorySegment.ofArray(bytes));
    return bytes;
  }

  @Override
  public synchronized long size() {
    return size;
  }

  @Override
  public boolean grows() {
    return grows;
  }

  @Override
  public synchronized void read(long offset, MemorySegment target) throws IOException {
    if (offset < 0 || offset + target.byteSize() > size) {
      throw new EOFException("the disk ends at " + size);
    }
    content.read(offset, target);
  }

  @Override
  public synchronized void write(long offset, MemorySegment source) throws IOException {
    long end = offset + source.byteSize();
    if (offset % sectorBytes != 0 || source.byteSize() % sectorBytes != 0) {
      throw new IllegalArgumentException("a write of " + source.byteSize() + " at " + offset);
    }
    if (!grows && end > size) {
      throw new EOFException("the disk ends at " + size);
    }
    writes++;
    boolean cut = isCutNext();
    call();
    enlarge((int) end);
    for (long at = offset; at < end; at += sectorBytes) {
      writeSector((int) (at / sectorBytes), source.asSlice(at - offset, sectorBytes));
      size = (int) Math.max(size, at + sectorBytes);
    }
    watcher.run();
    if (cut) {
      throw new PowerCut();
    }
  }

  private void writeSector(int sector, MemorySegment source) throws IOException {
    if (!allocated.get(sector)) {
      if (freeBytes < sectorBytes) {
        throw new IOException("No space left on device");
      }
      freeBytes -= freeBytes == UNLIMITED ? 0 : sectorBytes;
      allocated.set(sector);
    }
    long at = (long) sector * sectorBytes;
    unflushed.computeIfAbsent(sector, _ -> new ArrayList<>(2)).add(sectorAt(at));
    content.write(at, source);
  }

  private void enlarge(int end) {
    if (end > content.sizeBytes()) {
      content.growTo(Math.max(end, 2 * content.sizeBytes()));
    }
  }

  @Override
  public void reserve(long offset, long sizeBytes) throws IOException {
    if (grows) {
      write(offset, MemorySegment.ofArray(new byte[(int) sizeBytes]));
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    boolean cut = isCutNext();
    call();
    watcher.run();
    if (cut) {
      throw new PowerCut();
    }
    if (flushesFail()) {
      doomed = true;
      throw new IOException("Input/output error");
    }
    if (!doomed) {
      flushes++;
      unflushed.clear();
      durableSize = size;
    }
  }

  @Override
  public void close() {}

  private void call() throws IOException {
    if (countCall()) {
      throw new IOException("Input/output error");
    }
  }
}
