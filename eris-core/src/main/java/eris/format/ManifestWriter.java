package eris.format;

import eris.ReadCapability;
import eris.cbor.Cbor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;

/// From a [Manifest] to CBOR. What is empty in an entry is left out, and so is what can be computed.
final class ManifestWriter {
  static final long TAG = 0x6572696d; // "erim"
  static final long VERSION = 1;

  private ManifestWriter() {}

  static Cbor toCbor(Manifest manifest) {
    return new Cbor.Tag(
        TAG,
        Cbor.Array.of(
            new Cbor.Int(VERSION),
            new Cbor.Map(
                List.of(
                    field("arch", new Cbor.Text(manifest.architecture())),
                    field("names", new Cbor.Text(manifest.naming().text())),
                    field("roots", texts(manifest.roots())),
                    field("files", table(manifest.files(), ManifestWriter::toCbor)),
                    field("aliases", table(manifest.aliases(), Cbor.Text::new))))));
  }

  private static Cbor toCbor(Manifest.Entry entry) {
    List<Cbor.Entry> fields = new ArrayList<>();
    fields.add(field("cap", toCbor(entry.content())));
    fields.add(field("size", new Cbor.Int(entry.size())));
    fields.add(field("type", new Cbor.Text(entry.type().text())));
    entry.interpreter().ifPresent(path -> fields.add(field("interpreter", new Cbor.Text(path))));
    entry
        .interpreterArgument()
        .ifPresent(text -> fields.add(field("interpreter-argument", new Cbor.Text(text))));
    if (!entry.needs().isEmpty()) {
      fields.add(field("needs", table(entry.needs(), Cbor.Text::new)));
    }
    if (!entry.plugins().isEmpty()) {
      fields.add(field("plugins", table(entry.plugins(), Cbor.Text::new)));
    }
    return new Cbor.Map(fields);
  }

  private static Cbor toCbor(ReadCapability capability) {
    return new Cbor.Tag(ErisFs.CAPABILITY_TAG, Cbor.Bytes.copyOf(capability.toBytes()));
  }

  private static Cbor texts(List<String> texts) {
    return new Cbor.Array(texts.stream().<Cbor>map(Cbor.Text::new).toList());
  }

  private static <V> Cbor table(SortedMap<String, V> table, Function<V, Cbor> toCbor) {
    List<Cbor.Entry> entries = new ArrayList<>(table.size());
    for (Map.Entry<String, V> entry : table.entrySet()) {
      entries.add(field(entry.getKey(), toCbor.apply(entry.getValue())));
    }
    return new Cbor.Map(entries);
  }

  private static Cbor.Entry field(String name, Cbor value) {
    return new Cbor.Entry(new Cbor.Text(name), value);
  }
}
