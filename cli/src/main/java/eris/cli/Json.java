package eris.cli;

import eris.BlockSize;
import eris.Reference;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Results for machines: one object a line.
final class Json {
  private Json() {}

  static String line(Map<String, Object> fields) {
    return JsonMapper.shared().writeValueAsString(fields);
  }

  /// A string with its quotation marks.
  static String text(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }

  /// What a capability tells without its key.
  static Map<String, Object> fieldsOf(BlockSize blockSize, int level, Reference root) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("blockSize", blockSize.bytes());
    fields.put("level", level);
    fields.put("reference", root.toString());
    fields.put("handle", new eris.Handle(root).toString());
    return fields;
  }
}
