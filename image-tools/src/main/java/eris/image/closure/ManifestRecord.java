package eris.image.closure;

import eris.DraftCapability;
import eris.ErisException;
import eris.Handle;
import eris.ReadCapability;
import eris.format.Manifest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a manifest says of one file, as `lib.getEris` of Sigil OS told it, and with the handle.
///
/// As secret as the capabilities in it: `toString` redacts.
///
/// @param path as the manifest has it
/// @param capability a URN
/// @param closure the URNs of all that it needs, directly or not, by their paths
public record ManifestRecord(String path, String capability, SortedMap<String, String> closure) {
  public ManifestRecord {
    closure = Collections.unmodifiableSortedMap(new TreeMap<>(closure));
  }

  /// The records of the files in a directory, or of one file there.
  ///
  /// @param output the directory, as in `bin`
  public static List<ManifestRecord> select(
      Manifest manifest, String output, Optional<String> file) {
    return manifest.files().keySet().stream()
        .filter(path -> isIn(path, output, file))
        .map(path -> of(manifest, path))
        .toList();
  }

  /// The same of a historic manifest, whose paths begin with those of packages in `/nix/store`.
  public static List<ManifestRecord> select(
      HistoricManifest manifest, String output, Optional<String> file) {
    return manifest.programs().entrySet().stream()
        .filter(program -> isIn(withinPackage(program.getKey()), output, file))
        .map(ManifestRecord::of)
        .toList();
  }

  private static ManifestRecord of(Manifest manifest, String path) {
    SortedMap<String, String> closure = new TreeMap<>();
    for (String needed : manifest.closureOf(path)) {
      closure.put(needed, manifest.file(needed).content().toUrn());
    }
    return new ManifestRecord(path, manifest.file(path).content().toUrn(), closure);
  }

  private static ManifestRecord of(Map.Entry<String, HistoricManifest.Program> program) {
    return new ManifestRecord(
        program.getKey(), program.getValue().capability(), program.getValue().closure());
  }

  private static boolean isIn(String path, String output, Optional<String> file) {
    return file.isPresent()
        ? path.equals(output + "/" + file.get())
        : path.startsWith(output + "/");
  }

  private static String withinPackage(String path) {
    return path.replaceFirst("^/nix/store/[^/]+/|^/", "");
  }

  /// @throws ErisException.MalformedCapability if the capability is none, which no manifest has
  public Handle handle() throws ErisException.MalformedCapability {
    return DraftCapability.isDraft(capability)
        ? new Handle(DraftCapability.parse(capability).root().reference())
        : ReadCapability.parse(capability).handle();
  }

  /// Whether the capability is of a draft of ERIS, which only `--legacy` reads.
  public boolean isDraft() {
    return DraftCapability.isDraft(capability);
  }

  @Override
  public String toString() {
    return "ManifestRecord[redacted]";
  }
}
