package eris.stores;

import static eris.stores.VolumeLayout.INT;
import static eris.stores.VolumeLayout.LONG;
import static eris.stores.VolumeLayout.SHORT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/// A partition of a GUID partition table (UEFI specification, section 5.3): where it is and what
/// for.
record GuidPartition(UUID type, long offset, long sizeBytes) {
  /// The type of those that hold a volume.
  static final UUID VOLUME_TYPE = UUID.fromString("500e9fd4-7780-4173-8a4e-d669fc304f19");

  private static final long MAGIC = Superblock.text("EFI PART");
  private static final int[] SECTOR_BYTES = {512, 4096};
  private static final int HEADER_BYTES = 92;
  private static final int HEADER_CRC = 16;
  private static final int LEAST_ENTRY_BYTES = 128;
  private static final int MOST_TABLE_BYTES = 1 << 20;
  private static final ValueLayout.OfLong BIG_ENDIAN_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// Entries of a table whose checksums are right.
  private record Table(MemorySegment entries, int entryBytes, int sectorBytes) {}

  /// Looks a partition up by its own GUID. If the table at the start of the device is damaged, the
  /// copy at its end serves.
  ///
  /// @throws IOException if the device fails, or has neither
  static Optional<GuidPartition> find(Device device, UUID guid) throws IOException {
    Table table =
        table(device).orElseThrow(() -> new IOException("the device has no partition table"));
    int entryBytes = table.entryBytes();
    for (long at = 0; at + entryBytes <= table.entries().byteSize(); at += entryBytes) {
      MemorySegment entry = table.entries().asSlice(at, entryBytes);
      if (guid(entry, 16).equals(guid)) {
        return partition(entry, device.size(), table.sectorBytes());
      }
    }
    return Optional.empty();
  }

  private static Optional<Table> table(Device device) throws IOException {
    for (int sectorBytes : SECTOR_BYTES) {
      long lastSector = device.size() / sectorBytes - 1;
      for (long sector : new long[] {1, lastSector}) {
        Optional<Table> table = table(device, sector, sectorBytes);
        if (table.isPresent()) {
          return table;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Table> table(Device device, long sector, int sectorBytes)
      throws IOException {
    MemorySegment header = MemorySegment.ofArray(new byte[sectorBytes]);
    if (sector < 1 || !device.tryRead(sector * sectorBytes, header)) {
      return Optional.empty();
    }
    int headerBytes = header.get(INT, 12);
    if (header.get(LONG, 0) != MAGIC
        || headerBytes < HEADER_BYTES
        || headerBytes > sectorBytes
        || header.get(LONG, 24) != sector) {
      return Optional.empty();
    }
    int headerCrc = header.get(INT, HEADER_CRC);
    header.set(INT, HEADER_CRC, 0);
    return headerCrc == crc(header.asSlice(0, headerBytes))
        ? entries(device, header, sectorBytes)
        : Optional.empty();
  }

  private static Optional<Table> entries(Device device, MemorySegment header, int sectorBytes)
      throws IOException {
    long sector = header.get(LONG, 72);
    int count = header.get(INT, 80);
    int entryBytes = header.get(INT, 84);
    if (sector < 1
        || sector > device.size() / sectorBytes
        || entryBytes < LEAST_ENTRY_BYTES
        || entryBytes > sectorBytes
        || count < 1
        || count > MOST_TABLE_BYTES / entryBytes) {
      return Optional.empty();
    }
    MemorySegment entries = MemorySegment.ofArray(new byte[count * entryBytes]);
    boolean sound =
        device.tryRead(sector * sectorBytes, entries) && crc(entries) == header.get(INT, 88);
    return sound ? Optional.of(new Table(entries, entryBytes, sectorBytes)) : Optional.empty();
  }

  private static Optional<GuidPartition> partition(
      MemorySegment entry, long deviceBytes, int sectorBytes) throws IOException {
    long first = entry.get(LONG, 32);
    long last = entry.get(LONG, 40);
    if (first < 1 || last < first || last >= deviceBytes / sectorBytes) {
      throw new IOException("the partition reaches beyond the device");
    }
    return Optional.of(
        new GuidPartition(guid(entry, 0), first * sectorBytes, (last - first + 1) * sectorBytes));
  }

  /// The first three fields of a GUID are little-endian numbers.
  private static UUID guid(MemorySegment source, long offset) {
    long high =
        Integer.toUnsignedLong(source.get(INT, offset)) << 32
            | Short.toUnsignedLong(source.get(SHORT, offset + 4)) << 16
            | Short.toUnsignedLong(source.get(SHORT, offset + 6));
    return new UUID(high, source.get(BIG_ENDIAN_LONG, offset + 8));
  }

  private static int crc(MemorySegment bytes) {
    var crc = new CRC32();
    crc.update(bytes.asByteBuffer());
    return (int) crc.getValue();
  }
}
