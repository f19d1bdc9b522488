package eris.stores;

import eris.store.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The device of a volume and, for a writer, the lock that keeps others from it.
///
/// The lock of a file lies beside it. A block device may have several names, and its directory is
/// no place for locks: so that one is named for the volume's identity.
record VolumeHome(Device device, String name, @Nullable WriterLock lock) implements Closeable {
  private static final Path SYSTEM_LOCKS = Path.of("/run/lock");

  /// A device that the caller keeps others from.
  static VolumeHome of(Device device, String name) {
    return new VolumeHome(device, name, null);
  }

  static VolumeHome forReading(VolumePath place) throws IOException {
    if (!Files.exists(place.path())) {
      throw new IOException("no store at " + place.path());
    }
    requireNoDirectory(place.path());
    return new VolumeHome(
        open(place, LocalDevice.openReadOnly(place.path())), place.toString(), null);
  }

  /// What is there, whatever it holds.
  static VolumeHome forCreating(VolumePath place, Writer writer) throws IOException {
    if (!Files.exists(place.path())) {
      throw new IOException("no store at " + place.path());
    }
    requireNoDirectory(place.path());
    return lockExisting(place, writer);
  }

  /// Creates a growing file if there is none.
  static VolumeHome forWriting(VolumePath place, Writer writer) throws IOException {
    Path path = place.path();
    boolean missing = !Files.exists(path) || Files.isRegularFile(path) && Files.size(path) == 0;
    if (!missing || place.partition().isPresent()) {
      return forCreating(place, writer);
    }
    Path directory = path.toAbsolutePath().normalize().getParent();
    if (directory == null) {
      throw new IOException(path + " cannot be a file");
    }
    Files.createDirectories(directory);
    Path file =
        Files.exists(path) ? path.toRealPath() : directory.toRealPath().resolve(path.getFileName());
    WriterLock lock = lockOf(file, place, writer);
    return locked(lock, () -> openOrCreate(file, place, lock));
  }

  private static VolumeHome lockExisting(VolumePath place, Writer writer) throws IOException {
    Path real = place.path().toRealPath();
    if (!Files.isWritable(real)) {
      throw new StoreException.ReadOnly(place.toString());
    }
    if (Files.isRegularFile(real)) {
      WriterLock lock = lockOf(real, place, writer);
      return locked(
          lock, () -> new VolumeHome(open(place, LocalDevice.open(real)), place.toString(), lock));
    }
    Device device = open(place, LocalDevice.open(real));
    boolean locked = false;
    try {
      WriterLock lock = lockOf(device, place, writer);
      locked = true;
      return new VolumeHome(device, place.toString(), lock);
    } finally {
      if (!locked) {
        device.close();
      }
    }
  }

  private static WriterLock lockOf(Path file, VolumePath place, Writer writer) throws IOException {
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    try {
      return WriterLock.acquireFile(lock, place.toString(), writer);
    } catch (IOException e) {
      throw OsError.READ_ONLY.is(e) ? new StoreException.ReadOnly(place.toString()) : e;
    }
  }

  private static WriterLock lockOf(Device device, VolumePath place, Writer writer)
      throws IOException {
    Path locks =
        Files.isWritable(SYSTEM_LOCKS)
            ? SYSTEM_LOCKS
            : Path.of(System.getProperty("java.io.tmpdir"));
    Path file = locks.toRealPath().resolve("eris-%s.lock".formatted(identity(device)));
    return WriterLock.acquireFile(file, place.toString(), writer);
  }

  /// What is not yet or no longer a volume has the identity of its remains, or none.
  private static String identity(Device device) throws IOException {
    try {
      return Superblocks.load(device).id().toString();
    } catch (DamagedVolume _) {
      return "new-volume";
    }
  }

  @FunctionalInterface
  private interface Opening {
    VolumeHome open() throws IOException;
  }

  private static VolumeHome locked(WriterLock lock, Opening opening) throws IOException {
    boolean opened = false;
    try {
      VolumeHome home = opening.open();
      opened = true;
      return home;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  private static VolumeHome openOrCreate(Path file, VolumePath place, WriterLock lock)
      throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) { // else another was faster
      create(file);
    }
    return new VolumeHome(LocalDevice.open(file), place.toString(), lock);
  }

  /// Beside its place first, so that there is never half a volume.
  private static void create(Path file) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    try {
      FileChannel.open(
              unfinished,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)
          .close();
      try (Device device = LocalDevice.open(unfinished)) {
        VolumeFormat.growing(Geometry.growing(), Clock.systemUTC(), new SecureRandom())
            .writeTo(device);
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      StoreDirectory.force(file.resolveSibling("."), StandardOpenOption.READ);
    } catch (IOException e) {
      Files.deleteIfExists(unfinished);
      throw OsError.DISK_FULL.is(e) ? new StoreException.Full(file.toString(), e) : e;
    }
  }

  /// The device itself, or the partition in it.
  private static Device open(VolumePath place, Device whole) throws IOException {
    if (place.partition().isEmpty()) {
      return whole;
    }
    boolean found = false;
    try {
      Optional<GuidPartition> partition = GuidPartition.find(whole, place.partition().get());
      found = partition.isPresent();
      return partition
          .map(there -> (Device) new PartitionDevice(whole, there))
          .orElseThrow(() -> new IOException("no partition " + place));
    } finally {
      if (!found) {
        whole.close();
      }
    }
  }

  private static void requireNoDirectory(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new IOException(path + " is a directory, want a file or a block device");
    }
  }

  /// A [DamagedVolume] that tells which one.
  DamagedVolume explained(DamagedVolume damage) {
    var explained = new DamagedVolume("store %s: %s".formatted(name, damage.getMessage()));
    explained.initCause(damage);
    return explained;
  }

  @Override
  public void close() throws IOException {
    try (var _ = lock) {
      device.close();
    }
  }
}
