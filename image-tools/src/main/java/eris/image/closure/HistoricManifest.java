package eris.image.closure;

import eris.DraftCapability;
import eris.ErisException;
import eris.ReadCapability;
import eris.format.Manifest;
import eris.format.Manifest.MalformedException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The `eris-manifest.json` of Sigil OS: for each ELF file, by its absolute path, its capability and
/// those of all libraries that it needs, directly or not (docs/formats/manifest.md).
///
/// As secret as the capabilities in it: `toString` redacts.
public record HistoricManifest(SortedMap<String, Program> programs) {
  public HistoricManifest {
    programs = Collections.unmodifiableSortedMap(new TreeMap<>(programs));
  }

  /// One ELF file.
  ///
  /// @param capability a URN, often of a draft
  /// @param closure URNs by the absolute paths of libraries
  public record Program(String capability, SortedMap<String, String> closure) {
    public Program {
      closure = Collections.unmodifiableSortedMap(new TreeMap<>(closure));
    }

    @Override
    public String toString() {
      return "Program[%d libraries, redacted]".formatted(closure.size());
    }
  }

  /// Whether this is JSON of ours, which tells its version, or history's, which does not.
  static boolean isHistoric(JsonNode root) {
    return !root.has("eris-manifest");
  }

  /// Reads UTF-8.
  ///
  /// @throws MalformedException if it is anything else, a manifest of ours too
  public static HistoricManifest read(byte[] json) throws MalformedException {
    JsonNode root = JsonText.read(json);
    if (!isHistoric(root)) {
      throw new MalformedException("no historic one, for it has a version");
    }
    SortedMap<String, Program> programs = new TreeMap<>();
    for (Map.Entry<String, JsonNode> program : root.properties()) {
      programs.put(requirePath(program.getKey()), program(program.getValue()));
    }
    return new HistoricManifest(programs);
  }

  private static Program program(JsonNode json) throws MalformedException {
    if (json.size() != 2 || !json.path("closure").isObject()) {
      throw new MalformedException("a program without 'cap' and 'closure', or with more");
    }
    SortedMap<String, String> closure = new TreeMap<>();
    for (Map.Entry<String, JsonNode> library : json.path("closure").properties()) {
      closure.put(requirePath(library.getKey()), urn(library.getValue()));
    }
    return new Program(urn(json.path("cap")), closure);
  }

  private static String requirePath(String path) throws MalformedException {
    if (!path.startsWith("/")) {
      throw new MalformedException("a path that is not absolute");
    }
    return path;
  }

  private static String urn(JsonNode json) throws MalformedException {
    String text = json.isString() ? json.asString() : "";
    try {
      if (DraftCapability.isDraft(text)) {
        DraftCapability.parse(text);
      } else {
        ReadCapability.parse(text);
      }
    } catch (ErisException.MalformedCapability e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
    return text;
  }

  /// The ELF files of a manifest of ours, with `/` before their paths.
  public static HistoricManifest of(Manifest manifest) {
    SortedMap<String, Program> programs = new TreeMap<>();
    for (Map.Entry<String, Manifest.Entry> file : manifest.files().entrySet()) {
      if (file.getValue().type() == Manifest.Type.ELF) {
        SortedMap<String, String> closure = new TreeMap<>();
        for (String path : manifest.closureOf(file.getKey())) {
          closure.put("/" + path, manifest.file(path).content().toUrn());
        }
        programs.put("/" + file.getKey(), new Program(file.getValue().content().toUrn(), closure));
      }
    }
    return new HistoricManifest(programs);
  }

  /// The text, which is the same for equal manifests. Holds the capabilities in the clear.
  public String write() {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Map.Entry<String, Program> program : programs.entrySet()) {
      Map<String, Object> inner = new LinkedHashMap<>();
      inner.put("cap", program.getValue().capability());
      inner.put("closure", program.getValue().closure());
      fields.put(program.getKey(), inner);
    }
    return JsonText.write(fields);
  }

  @Override
  public String toString() {
    return "HistoricManifest[%d programs, redacted]".formatted(programs.size());
  }
}
