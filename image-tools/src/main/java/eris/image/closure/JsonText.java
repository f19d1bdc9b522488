package eris.image.closure;

import eris.format.Manifest.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/// JSON text, strictly: no name twice in an object, nothing after the end.
final class JsonText {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
                  .build())
          .build();
  private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");
  private static final ObjectWriter WRITER =
      MAPPER
          .writer()
          .with(
              new DefaultPrettyPrinter(
                      Separators.createDefaultInstance()
                          .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                          .withObjectEmptySeparator("")
                          .withArrayEmptySeparator(""))
                  .withObjectIndenter(INDENTER)
                  .withArrayIndenter(INDENTER));

  private JsonText() {}

  /// An object.
  ///
  /// @throws MalformedException if `json` is anything else; where, but not what: it may be a secret
  static JsonNode read(byte[] json) throws MalformedException {
    JsonNode root = parse(utf8(json));
    if (!root.isObject()) {
      throw new MalformedException("no JSON object");
    }
    return root;
  }

  private static String utf8(byte[] json) throws MalformedException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
    } catch (CharacterCodingException _) {
      throw new MalformedException("the text is not UTF-8");
    }
  }

  private static JsonNode parse(String text) throws MalformedException {
    try {
      JsonNode root = MAPPER.readTree(text);
      requireUtf8(root);
      return root;
    } catch (JacksonException e) {
      throw new MalformedException(
          e.getLocation() == null
              ? "no JSON"
              : "no JSON, or a name twice, at line %d, column %d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    }
  }

  /// Escapes can spell half of a surrogate pair.
  private static void requireUtf8(JsonNode node) throws MalformedException {
    if (node.isString()) {
      requireUtf8(node.asString());
    }
    for (String name : node.propertyNames()) {
      requireUtf8(name);
    }
    for (JsonNode inner : node.values()) {
      requireUtf8(inner);
    }
  }

  private static void requireUtf8(String text) throws MalformedException {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new MalformedException("text with half of a surrogate pair");
    }
  }

  /// Indented text that ends in a line end.
  static String write(Map<String, Object> fields) {
    return WRITER.writeValueAsString(fields) + "\n";
  }
}
