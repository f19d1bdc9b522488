package eris.stores;

import eris.store.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.OptionalLong;

/// What is done to a volume as a whole, by its operator.
public final class Volumes {
  private Volumes() {}

  /// Makes a volume of fixed size, or of a file without `sizeBytes` one that grows.
  ///
  /// @param sizeBytes of a new file; of a block device or partition, no more than it has
  /// @throws IOException if something that is no empty file is there and is not to be lost: a file
  ///     that holds anything, or a volume
  public static VolumeStat create(
      VolumePath path, OptionalLong sizeBytes, Retention retention, Replace replace, Writer writer)
      throws IOException {
    if (!Files.exists(path.path()) && path.partition().isEmpty()) {
      Files.createFile(path.path());
    }
    try (VolumeHome home = VolumeHome.forCreating(path, writer)) {
      Device device = home.device();
      if (replace == Replace.NOTHING) {
        requireNothingOfValue(device, path);
      }
      if (device.grows()) {
        truncate(path);
      }
      formatFor(device, sizeBytes, home).with(retention).writeTo(device);
      return statOf(home);
    }
  }

  /// What may be lost by creating a volume.
  public enum Replace {
    NOTHING,
    ANYTHING
  }

  private static void requireNothingOfValue(Device device, VolumePath path) throws IOException {
    if (device.grows() && device.size() > 0) {
      throw new IOException(path.path() + " exists and is not empty");
    }
    if (isVolume(device)) {
      throw new IOException(path + " is a volume already");
    }
  }

  private static void truncate(VolumePath path) throws IOException {
    Files.newByteChannel(
            path.path(), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
        .close();
  }

  private static boolean isVolume(Device device) throws IOException {
    try {
      return Superblocks.load(device).generation() > 0;
    } catch (DamagedVolume _) {
      return false;
    }
  }

  private static VolumeFormat formatFor(Device device, OptionalLong sizeBytes, VolumeHome home)
      throws IOException {
    var random = new SecureRandom();
    if (device.grows() && sizeBytes.isEmpty()) {
      return VolumeFormat.growing(Geometry.growing(), Clock.systemUTC(), random);
    }
    long size = sizeBytes.orElse(device.size());
    if (!device.grows() && size > device.size()) {
      throw new IOException("%s has %d bytes, not %d".formatted(home.name(), device.size(), size));
    }
    VolumeFormat format = VolumeFormat.fixed(size, Clock.systemUTC(), random);
    device.reserve(0, format.sizeBytes());
    return format;
  }

  /// Makes a volume of fixed size larger: a file to `sizeBytes`, a block device or partition to all
  /// it has by now, or `sizeBytes`.
  public static VolumeStat grow(VolumePath path, OptionalLong sizeBytes, Writer writer)
      throws IOException {
    try (VolumeStore store = VolumeStore.openExisting(path, writer)) {
      store.growTo(sizeBytes);
      return store.stat();
    }
  }

  /// Changes what a volume may remove, and how much it may hold. Blocks that are more than a new
  /// quota allows stay; a cache lets go of them with the next put.
  public static VolumeStat retain(VolumePath path, Retention retention, Writer writer)
      throws IOException {
    try (VolumeStore store = VolumeStore.openExisting(path, writer)) {
      store.setRetention(retention);
      return store.stat();
    }
  }

  /// Makes the index anew from the blocks alone.
  ///
  /// @return what is found
  public static VolumeStat rebuild(VolumePath path, Writer writer) throws IOException {
    try (VolumeHome home = VolumeHome.forCreating(path, writer)) {
      VolumeRebuild.run(home.device(), new SecureRandom());
      return statOf(home);
    }
  }

  private static VolumeStat statOf(VolumeHome home) throws IOException {
    return VolumeReader.open(home.device()).stat();
  }

  /// How full a volume is. Takes no lock.
  public static VolumeStat stat(VolumePath path) throws IOException {
    try (VolumeStore store = VolumeStore.openReadOnly(path)) {
      return store.stat();
    }
  }
}
