package eris.server.console;

import java.util.OptionalLong;

/// Writes JSON, as little of it as the console needs. Numbers below 0 stand for what is not known,
/// and become null.
final class Json {
  private final StringBuilder text = new StringBuilder("{");

  Json field(String name, long value) {
    name(name);
    return element(value);
  }

  Json field(String name, OptionalLong value) {
    return field(name, value.orElse(-1));
  }

  Json field(String name, boolean value) {
    name(name).text.append(value);
    return this;
  }

  Json field(String name, String value) {
    return name(name).string(value);
  }

  Json element(long value) {
    separate();
    if (value < 0) {
      text.append("null");
    } else {
      text.append(value);
    }
    return this;
  }

  Json beginObject(String name) {
    name(name).text.append('{');
    return this;
  }

  Json beginObject() {
    separate();
    text.append('{');
    return this;
  }

  Json endObject() {
    text.append('}');
    return this;
  }

  Json beginArray(String name) {
    name(name).text.append('[');
    return this;
  }

  Json endArray() {
    text.append(']');
    return this;
  }

  /// Ends the outermost object.
  String end() {
    return text.append('}').toString();
  }

  private Json name(String name) {
    separate();
    string(name);
    text.append(':');
    return this;
  }

  private void separate() {
    char last = text.charAt(text.length() - 1);
    if (last != '{' && last != '[' && last != ':') {
      text.append(',');
    }
  }

  private Json string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
    return this;
  }
}
