package eris.testkit;

import eris.stores.FileDevice;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Files in memory on a disk that fails as told: it loses power, fills up, or refuses the n-th call.
///
/// Meaner than any file system: until a file is flushed, its size is anything up to the true one and
/// each of its sectors old, new or nonsense; until a directory is flushed, each of its names is what
/// it was at any time since, whatever became of the others. Once a flush has failed, the later ones
/// of that file succeed without effect, as on Linux. Each path of a flush counts as a call, and so
/// does everything else.
public final class SimulatedFiles extends SimulatedHardware implements FileDevice {
  private static final long UNLIMITED = Long.MAX_VALUE;

  private final SimulatedDirectory root;
  private final Set<String> locked = new HashSet<>();
  private long freeBytes = UNLIMITED;
  private long nameCount;

  /// An empty disk.
  public SimulatedFiles() {
    this(new SimulatedDirectory(), 0);
  }

  private SimulatedFiles(SimulatedDirectory root, long nameCount) {
    this.root = root;
    this.nameCount = nameCount;
  }

  /// What a reboot might find: a sound disk, with nobody at work on it.
  public synchronized SimulatedFiles crash(RandomGenerator random) {
    return new SimulatedFiles(root.afterCrash(random), nameCount);
  }

  /// All processes are killed: their locks are free, and what they wrote is still in memory, where
  /// others see it. A power cut is called off.
  public synchronized void kill() {
    locked.clear();
    cutAt(Long.MAX_VALUE);
  }

  /// From now on this many bytes can be written; a directory or a new name takes one.
  public synchronized void freeBytes(long bytes) {
    freeBytes = bytes;
  }

  @Override
  public synchronized OptionalLong size(String path) throws IOException {
    call(path);
    Optional<SimulatedFile> file = root.file(path);
    return file.isPresent() ? OptionalLong.of(file.get().size()) : OptionalLong.empty();
  }

  @Override
  public synchronized OptionalLong read(String path, MemorySegment target) throws IOException {
    call(path);
    Optional<SimulatedFile> file = root.file(path);
    if (file.isEmpty()) {
      return OptionalLong.empty();
    }
    file.get().readInto(target);
    return OptionalLong.of(file.get().size());
  }

  @Override
  public synchronized void write(String path, MemorySegment content) throws IOException {
    call(path);
    long fits = Math.min(content.byteSize(), freeBytes);
    byte[] bytes = content.asSlice(0, fits).toArray(ValueLayout.JAVA_BYTE);
    root.create(path, new SimulatedFile(bytes));
    take(content.byteSize(), path);
  }

  @Override
  public synchronized void flush(Collection<String> paths) throws IOException {
    for (String path : paths) {
      call(path);
      SimulatedNode node = root.node(path);
      if (flushesFail()) {
        node.doom();
        throw new FileSystemException(path, null, "Input/output error");
      }
      node.flush();
    }
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    call(from);
    SimulatedFile file = root.file(from).orElseThrow(() -> SimulatedDirectory.missing(from));
    if (root.file(to).isEmpty()) {
      take(1, to);
    }
    root.file(to).ifPresent(this::give);
    root.replace(to, file);
    root.remove(from);
  }

  @Override
  public synchronized void createDirectory(String path) throws IOException {
    call(path);
    if (!root.isDirectory(path)) {
      take(1, path);
      root.create(path, new SimulatedDirectory());
    }
  }

  @Override
  public synchronized List<String> list(String path) throws IOException {
    call(path);
    return root.isDirectory(path) ? root.directory(path).names() : List.of();
  }

  @Override
  public synchronized void delete(String path) throws IOException {
    call(path);
    root.file(path).ifPresent(this::give);
    root.remove(path);
  }

  @Override
  public synchronized Optional<Closeable> tryLock(String path) throws IOException {
    call(path);
    if (!locked.add(path)) {
      return Optional.empty();
    }
    if (root.file(path).isEmpty()) {
      root.create(path, new SimulatedFile(new byte[0]));
    }
    return Optional.of(() -> unlock(path));
  }

  private synchronized void unlock(String path) {
    locked.remove(path);
  }

  @Override
  public synchronized String uniqueName() {
    return "%032x".formatted(nameCount++);
  }

  private void call(String path) throws IOException {
    boolean cut = isCutNext();
    boolean fails = countCall();
    if (cut) {
      throw new PowerCut();
    }
    if (fails) {
      throw new FileSystemException(path, null, "Input/output error");
    }
  }

  private void take(long bytes, String path) throws IOException {
    if (freeBytes < bytes) {
      freeBytes = 0;
      throw new FileSystemException(path, null, "No space left on device");
    }
    freeBytes -= freeBytes == UNLIMITED ? 0 : bytes;
  }

  private void give(SimulatedFile file) {
    freeBytes += freeBytes == UNLIMITED ? 0 : file.size();
  }
}
