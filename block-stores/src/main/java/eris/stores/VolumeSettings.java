package eris.stores;

import static eris.stores.VolumeLayout.INT;
import static eris.stores.VolumeLayout.LONG;

import eris.store.Retention;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;

/// What a superblock says besides where things are: how long blocks are kept, and the document.
record VolumeSettings(Retention retention, Document document) {
  static final VolumeSettings DEFAULT =
      new VolumeSettings(Retention.FOREVER, new Document(new Superblock.Run(0, 0), 0, 0));

  /// The document that the owner of a volume keeps in it: see [VolumeDocument].
  ///
  /// @param area of no extents if there never was a document
  record Document(Superblock.Run area, int sizeBytes, int checksum) {}

  private static final Retention.Mode[] MODES = {
    Retention.Mode.ARCHIVE, Retention.Mode.LEASED, Retention.Mode.CACHE
  };

  VolumeSettings with(Retention next) {
    return new VolumeSettings(next, document);
  }

  VolumeSettings with(Document next) {
    return new VolumeSettings(retention, next);
  }

  void writeTo(MemorySegment target) {
    for (int i = 0; i < MODES.length; i++) {
      if (MODES[i] == retention.mode()) {
        target.set(INT, 0, i);
      }
    }
    target.set(INT, 4, document.area().first());
    target.set(INT, 8, document.area().count());
    target.set(INT, 12, document.sizeBytes());
    target.set(LONG, 16, retention.quotaBytes().orElse(0));
    target.set(INT, 72, document.checksum());
  }

  /// @throws DamagedVolume if there is no such retention; where the document is, is not looked at
  static VolumeSettings readFrom(MemorySegment source) throws DamagedVolume {
    int mode = source.get(INT, 0);
    long quota = source.get(LONG, 16);
    if (mode < 0 || mode >= MODES.length || quota < 0) {
      throw new DamagedVolume("the superblock cannot be right: retention");
    }
    OptionalLong quotaBytes = quota == 0 ? OptionalLong.empty() : OptionalLong.of(quota);
    if (MODES[mode] == Retention.Mode.CACHE && quotaBytes.isEmpty()) {
      throw new DamagedVolume("the superblock cannot be right: a cache without a quota");
    }
    var area = new Superblock.Run(source.get(INT, 4), source.get(INT, 8));
    return new VolumeSettings(
        new Retention(MODES[mode], quotaBytes),
        new Document(area, source.get(INT, 12), source.get(INT, 72)));
  }
}
