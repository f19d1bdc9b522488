package eris.cli;

import eris.stores.VolumeStat;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Prints what a volume holds.
final class VolumeReport {
  private VolumeReport() {}

  static void print(VolumeStat stat, boolean json, Io io) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", stat.id().toString());
    fields.put("sizeBytes", stat.sizeBytes());
    fields.put("grows", stat.grows());
    fields.put("blocks1KiB", stat.smallBlocks());
    fields.put("blocks32KiB", stat.largeBlocks());
    fields.put("freeBytes", stat.freeBytes());
    fields.put("usedBytes", stat.usedBytes());
    fields.put("trashBlocks", stat.trashBlocks());
    fields.put("badBlocks", stat.badBlocks());
    fields.put("mode", stat.retention().mode().name().toLowerCase(Locale.ROOT));
    stat.retention().quotaBytes().ifPresent(quota -> fields.put("quotaBytes", quota));
    if (json) {
      io.println(Json.line(fields));
      return;
    }
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      io.println(field.getKey() + " " + field.getValue());
    }
  }
}
