package eris.format;

import eris.ErisException;
import eris.ReadCapability;
import eris.cbor.Cbor;
import eris.cbor.CborException;
import eris.format.Manifest.MalformedException;
import eris.format.Manifest.Naming;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// From bytes to a [Manifest]. Since the CBOR has one encoding only, and nothing empty is written
/// where it may be left out, so has the manifest.
final class ManifestReader {
  private static final Set<String> FIELDS = Set.of("arch", "names", "roots", "files", "aliases");
  private static final Set<String> FIELDS_OF_A_FILE = Set.of("cap", "size", "type");
  private static final Set<String> OPTIONAL_FIELDS_OF_A_FILE =
      Set.of("interpreter", "interpreter-argument", "needs", "plugins");

  private ManifestReader() {}

  static Manifest read(byte[] encoded) throws MalformedException {
    Map<String, Cbor> fields = fields(body(decode(encoded)), FIELDS, Set.of(), "the manifest");
    String architecture = text(fields.get("arch"));
    Naming naming = naming(text(fields.get("names")));
    List<String> roots = texts(fields.get("roots"));
    SortedMap<String, Manifest.Entry> files = new TreeMap<>();
    for (Cbor.Entry entry : entries(fields.get("files"))) {
      files.put(text(entry.key()), file(entry.value()));
    }
    SortedMap<String, String> aliases = table(fields.get("aliases"));
    refuse(ManifestRules.flaw(architecture, naming, roots, files, aliases));
    return new Manifest(architecture, naming, roots, files, aliases);
  }

  private static Cbor decode(byte[] encoded) throws MalformedException {
    try {
      return Cbor.decode(encoded);
    } catch (CborException e) {
      throw new MalformedException(e);
    }
  }

  private static Cbor body(Cbor item) throws MalformedException {
    if (item instanceof Cbor.Tag(long number, Cbor.Array(List<Cbor> parts))
        && number == ManifestWriter.TAG
        && parts.size() == 2
        && parts.get(0) instanceof Cbor.Int(long version)) {
      if (version != ManifestWriter.VERSION) {
        throw new MalformedException(
            "version %d, want %d".formatted(version, ManifestWriter.VERSION));
      }
      return parts.get(1);
    }
    throw new MalformedException(
        "no tag %d around a version and a map".formatted(ManifestWriter.TAG));
  }

  private static Manifest.Entry file(Cbor item) throws MalformedException {
    Map<String, Cbor> fields =
        fields(item, FIELDS_OF_A_FILE, OPTIONAL_FIELDS_OF_A_FILE, "a file of it");
    ReadCapability content = capability(fields.get("cap"));
    long size = integer(fields.get("size"));
    Manifest.Type type = type(text(fields.get("type")));
    SortedMap<String, String> needs = optionalTable(fields.get("needs"));
    Optional<String> interpreter = optionalText(fields.get("interpreter"));
    Optional<String> argument = optionalText(fields.get("interpreter-argument"));
    SortedMap<String, String> plugins = optionalTable(fields.get("plugins"));
    refuse(ManifestRules.flaw(content, size, type, needs, interpreter, argument, plugins));
    return new Manifest.Entry(content, size, type, needs, interpreter, argument, plugins);
  }

  private static Map<String, Cbor> fields(
      Cbor item, Set<String> wanted, Set<String> allowed, String what) throws MalformedException {
    Map<String, Cbor> fields = new HashMap<>();
    for (Cbor.Entry entry : entries(item)) {
      String name = text(entry.key());
      if (!wanted.contains(name) && !allowed.contains(name)) {
        throw new MalformedException(what + " has a field that is not known");
      }
      fields.put(name, entry.value());
    }
    for (String name : wanted) {
      if (!fields.containsKey(name)) {
        throw new MalformedException("%s has no '%s'".formatted(what, name));
      }
    }
    return fields;
  }

  private static Naming naming(String text) throws MalformedException {
    return Naming.parse(text)
        .orElseThrow(() -> new MalformedException("'names' is not route, handle or urn"));
  }

  private static Manifest.Type type(String text) throws MalformedException {
    return Manifest.Type.parse(text)
        .orElseThrow(() -> new MalformedException("'type' is not elf, script, data or tree"));
  }

  private static ReadCapability capability(@Nullable Cbor item) throws MalformedException {
    if (item instanceof Cbor.Tag(long number, Cbor.Bytes bytes)
        && number == ErisFs.CAPABILITY_TAG) {
      try {
        return ReadCapability.parse(bytes.toArray());
      } catch (ErisException.MalformedCapability e) {
        throw new MalformedException(e);
      }
    }
    throw new MalformedException(
        "a file without tag %d around a byte string".formatted(ErisFs.CAPABILITY_TAG));
  }

  private static List<String> texts(@Nullable Cbor item) throws MalformedException {
    if (!(item instanceof Cbor.Array(List<Cbor> items))) {
      throw new MalformedException("no array where one is wanted");
    }
    List<String> texts = new ArrayList<>(items.size());
    for (Cbor inner : items) {
      texts.add(text(inner));
    }
    return texts;
  }

  private static SortedMap<String, String> table(@Nullable Cbor item) throws MalformedException {
    SortedMap<String, String> table = new TreeMap<>();
    for (Cbor.Entry entry : entries(item)) {
      table.put(text(entry.key()), text(entry.value()));
    }
    return table;
  }

  /// A table that is left out when it is empty.
  private static SortedMap<String, String> optionalTable(@Nullable Cbor item)
      throws MalformedException {
    SortedMap<String, String> table = item == null ? new TreeMap<>() : table(item);
    if (item != null && table.isEmpty()) {
      throw new MalformedException("an empty table that should be left out");
    }
    return table;
  }

  private static List<Cbor.Entry> entries(@Nullable Cbor item) throws MalformedException {
    if (item instanceof Cbor.Map(List<Cbor.Entry> entries)) {
      return entries;
    }
    throw new MalformedException("no map where one is wanted");
  }

  private static Optional<String> optionalText(@Nullable Cbor item) throws MalformedException {
    return item == null ? Optional.empty() : Optional.of(text(item));
  }

  private static String text(@Nullable Cbor item) throws MalformedException {
    if (item instanceof Cbor.Text(String value)) {
      return value;
    }
    throw new MalformedException("no text where one is wanted");
  }

  private static long integer(@Nullable Cbor item) throws MalformedException {
    if (item instanceof Cbor.Int(long value)) {
      return value;
    }
    throw new MalformedException("no integer where one is wanted");
  }

  private static void refuse(Optional<String> flaw) throws MalformedException {
    if (flaw.isPresent()) {
      throw new MalformedException(flaw.get());
    }
  }
}
