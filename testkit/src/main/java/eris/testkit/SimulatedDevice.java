package eris.testkit;

import eris.stores.Device;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
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
  private byte[] content;
  private int size;
  private int durableSize;

  /// What sectors held before, oldest first; only of those written since the last flush.
  private final SortedMap<Integer, List<byte[]>> unflushed = new TreeMap<>();

  private boolean[] allocated; // which sectors take space
  private long freeBytes = UNLIMITED;
  private boolean doomed;
  private long writes;

  /// A disk of fixed size.
  ///
  /// @param sectorBytes what arrives or not, whole
  public SimulatedDevice(int sectorBytes, int sizeBytes) {
    this(sectorBytes, false, new byte[sizeBytes], sizeBytes);
    Arrays.fill(allocated, true);
  }

  /// An empty file.
  public static SimulatedDevice file(int sectorBytes) {
    return new SimulatedDevice(sectorBytes, true, new byte[1 << 16], 0);
  }

  private SimulatedDevice(int sectorBytes, boolean grows, byte[] content, int size) {
    this.sectorBytes = sectorBytes;
    this.grows = grows;
    this.content = content;
    this.size = size;
    this.durableSize = size;
    this.allocated = new boolean[Math.ceilDiv(content.length, sectorBytes)];
  }

  /// What a reboot might find: a sound disk.
  public synchronized SimulatedDevice crash(RandomGenerator random) {
    var after = copy();
    for (var sector : unflushed.entrySet()) {
      List<byte[]> versions = sector.getValue();
      int choice = random.nextInt(versions.size() + 2);
      byte[] found =
          choice < versions.size()
              ? versions.get(choice)
              : choice == versions.size() ? null : nonsense(random);
      if (found != null) { // else it arrived
        System.arraycopy(found, 0, after.content, sector.getKey() * sectorBytes, sectorBytes);
      }
    }
    if (grows && size > durableSize) {
      after.size = durableSize + random.nextInt(size - durableSize + 1);
      Arrays.fill(after.content, after.size, after.content.length, (byte) 0);
      after.durableSize = after.size;
    }
    return after;
  }

  private byte[] nonsense(RandomGenerator random) {
    byte[] bytes = new byte[sectorBytes];
    random.nextBytes(bytes);
    return bytes;
  }

  /// The same bytes on a sound disk, all of them durable.
  public synchronized SimulatedDevice copy() {
    var copy = new SimulatedDevice(sectorBytes, grows, content.clone(), size);
    copy.allocated = allocated.clone();
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
    content[(int) (bit / Byte.SIZE)] ^= (byte) (1 << bit % Byte.SIZE);
  }

  /// Puts bytes there as if they had always been.
  public synchronized void overwrite(long offset, byte[] bytes) {
    System.arraycopy(bytes, 0, content, (int) offset, bytes.length);
  }

  /// All that is there.
  public synchronized byte[] bytes() {
    return Arrays.copyOf(content, size);
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
    MemorySegment.copy(MemorySegment.ofArray(content), offset, target, 0, target.byteSize());
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
    if (cut) {
      throw new PowerCut();
    }
  }

  private void writeSector(int sector, MemorySegment source) throws IOException {
    if (!allocated[sector]) {
      if (freeBytes < sectorBytes) {
        throw new IOException("No space left on device");
      }
      freeBytes -= freeBytes == UNLIMITED ? 0 : sectorBytes;
      allocated[sector] = true;
    }
    int at = sector * sectorBytes;
    unflushed
        .computeIfAbsent(sector, _ -> new ArrayList<>())
        .add(Arrays.copyOfRange(content, at, at + sectorBytes));
    MemorySegment.copy(source, 0, MemorySegment.ofArray(content), at, sectorBytes);
  }

  private void enlarge(int end) {
    if (end > content.length) {
      content = Arrays.copyOf(content, Math.max(end, 2 * content.length));
      allocated = Arrays.copyOf(allocated, Math.ceilDiv(content.length, sectorBytes));
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
    if (cut) {
      throw new PowerCut();
    }
    if (flushesFail()) {
      doomed = true;
      throw new IOException("Input/output error");
    }
    if (!doomed) {
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
