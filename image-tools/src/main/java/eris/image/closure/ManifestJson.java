package eris.image.closure;

import eris.ErisException;
import eris.ReadCapability;
import eris.cbor.Cbor;
import eris.format.Manifest;
import eris.format.Manifest.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import tools.jackson.databind.JsonNode;

/// A [Manifest] for people and their tools: JSON (docs/formats/manifest.md).
///
/// It is a view of the CBOR and is read by way of it, so both keep the same rules. What it has beside,
/// the handle of each file and its closure, must be what follows from the rest.
public final class ManifestJson {
  private static final String VERSION_FIELD = "eris-manifest";
  private static final long VERSION = 1;
  private static final long TAG = 0x6572696d; // of the CBOR
  private static final long CAPABILITY_TAG = 276;
  private static final int MAX_DEPTH = 8;

  private ManifestJson() {}

  /// Whether `content` may be JSON: CBOR and capabilities never start so.
  public static boolean isJson(byte[] content) {
    int first = 0;
    while (first < content.length && " \t\r\n".indexOf(content[first]) >= 0) {
      first++;
    }
    return first < content.length && content[first] == '{';
  }

  /// Whether this is the JSON of a [HistoricManifest], which tells no version.
  public static boolean isHistoric(byte[] content) throws MalformedException {
    return isJson(content) && HistoricManifest.isHistoric(JsonText.read(content));
  }

  /// Reads UTF-8. Memory is in proportion to `json`.
  ///
  /// @throws MalformedException if it is anything else than a manifest
  public static Manifest read(byte[] json) throws MalformedException {
    return read(JsonText.read(json));
  }

  static Manifest read(JsonNode root) throws MalformedException {
    JsonNode version = root.path(VERSION_FIELD);
    if (!version.isIntegralNumber() || !version.canConvertToLong()) {
      throw new MalformedException("no '%s' with a version".formatted(VERSION_FIELD));
    }
    if (version.asLong() != VERSION) {
      throw new MalformedException("version %d, want %d".formatted(version.asLong(), VERSION));
    }
    Manifest manifest = Manifest.decode(toCbor(root));
    for (Map.Entry<String, Manifest.Entry> file : manifest.files().entrySet()) {
      requireDerived(manifest, file, root.path("files").path(file.getKey()));
    }
    return manifest;
  }

  private static void requireDerived(
      Manifest manifest, Map.Entry<String, Manifest.Entry> file, JsonNode json)
      throws MalformedException {
    if (!json.path("handle").isString()
        || !json.path("handle").asString().equals(file.getValue().handle().toString())) {
      throw new MalformedException("a 'handle' that is not that of the capability");
    }
    if (json.has("closure")
        && !(json.path("closure").isArray() && !json.path("closure").isEmpty())) {
      throw new MalformedException("a 'closure' that is no list of paths");
    }
    List<String> claimed = new ArrayList<>();
    for (JsonNode path : json.path("closure").values()) {
      claimed.add(path.isString() ? path.asString() : "");
    }
    NavigableSet<String> computed = manifest.closureOf(file.getKey(), claimed.size());
    if (!List.copyOf(computed).equals(claimed)) {
      throw new MalformedException("a 'closure' that is not what the file needs, in order");
    }
  }

  /// The CBOR of what is in the JSON, if it is a manifest: that is for its reader to say.
  private static byte[] toCbor(JsonNode root) throws MalformedException {
    List<Cbor.Entry> fields = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals("files")) {
        fields.add(new Cbor.Entry(new Cbor.Text("files"), files(field.getValue())));
      } else if (!field.getKey().equals(VERSION_FIELD)) {
        fields.add(entry(field, 2));
      }
    }
    return new Cbor.Tag(TAG, Cbor.Array.of(new Cbor.Int(VERSION), new Cbor.Map(fields))).encode();
  }

  private static Cbor files(JsonNode json) throws MalformedException {
    List<Cbor.Entry> files = new ArrayList<>();
    for (Map.Entry<String, JsonNode> file : requireObject(json).properties()) {
      files.add(new Cbor.Entry(new Cbor.Text(file.getKey()), file(file.getValue())));
    }
    return new Cbor.Map(files);
  }

  private static Cbor file(JsonNode json) throws MalformedException {
    List<Cbor.Entry> fields = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : requireObject(json).properties()) {
      switch (field.getKey()) {
        case "cap" ->
            fields.add(new Cbor.Entry(new Cbor.Text("cap"), capability(field.getValue())));
        case "handle", "closure" -> {
          // compared with what follows from the rest
        }
        default -> fields.add(entry(field, 3));
      }
    }
    return new Cbor.Map(fields);
  }

  private static Cbor capability(JsonNode json) throws MalformedException {
    try {
      ReadCapability capability = ReadCapability.parse(json.isString() ? json.asString() : "");
      return new Cbor.Tag(CAPABILITY_TAG, Cbor.Bytes.copyOf(capability.toBytes()));
    } catch (ErisException.MalformedCapability e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static Cbor.Entry entry(Map.Entry<String, JsonNode> field, int depth)
      throws MalformedException {
    return new Cbor.Entry(new Cbor.Text(field.getKey()), cbor(field.getValue(), depth));
  }

  private static Cbor cbor(JsonNode json, int depth) throws MalformedException {
    if (depth > MAX_DEPTH) {
      throw new MalformedException("nested deeper than " + MAX_DEPTH);
    }
    if (json.isString()) {
      return new Cbor.Text(json.asString());
    }
    if (json.isIntegralNumber() && json.canConvertToLong()) {
      return new Cbor.Int(json.asLong());
    }
    if (json.isArray()) {
      List<Cbor> items = new ArrayList<>();
      for (JsonNode item : json.values()) {
        items.add(cbor(item, depth + 1));
      }
      return new Cbor.Array(items);
    }
    List<Cbor.Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : requireObject(json).properties()) {
      entries.add(entry(field, depth + 1));
    }
    return new Cbor.Map(entries);
  }

  private static JsonNode requireObject(JsonNode json) throws MalformedException {
    if (!json.isObject()) {
      throw new MalformedException("a value that is no text, integer, array or object");
    }
    return json;
  }

  /// The text, which is the same for equal manifests. Holds the capabilities in the clear.
  public static String write(Manifest manifest) {
    Map<String, Object> files = new LinkedHashMap<>();
    for (Map.Entry<String, Manifest.Entry> file : manifest.files().entrySet()) {
      files.put(
          file.getKey(), fields(file.getValue(), List.copyOf(manifest.closureOf(file.getKey()))));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(VERSION_FIELD, VERSION);
    fields.put("arch", manifest.architecture());
    fields.put("names", manifest.naming().text());
    fields.put("roots", manifest.roots());
    fields.put("files", files);
    fields.put("aliases", manifest.aliases());
    return JsonText.write(fields);
  }

  private static Map<String, Object> fields(Manifest.Entry entry, List<String> closure) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("cap", entry.content().toUrn());
    fields.put("handle", entry.handle().toString());
    fields.put("size", entry.size());
    fields.put("type", entry.type().text());
    entry.interpreter().ifPresent(path -> fields.put("interpreter", path));
    entry.interpreterArgument().ifPresent(text -> fields.put("interpreter-argument", text));
    if (!entry.needs().isEmpty()) {
      fields.put("needs", entry.needs());
    }
    if (!entry.plugins().isEmpty()) {
      fields.put("plugins", entry.plugins());
    }
    if (!closure.isEmpty()) {
      fields.put("closure", closure);
    }
    return fields;
  }
}
