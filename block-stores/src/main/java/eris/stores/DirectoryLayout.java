package eris.stores;

import eris.ErisException;
import eris.Reference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Where things are in a directory store: `docs/formats/directory-store.md`.
final class DirectoryLayout {
  static final String ROOT = "";
  static final String FORMAT = "FORMAT";
  static final String WRITERS = "writers";
  static final String SET_ASIDE = "corrupt";

  private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String FORMAT_TEXT = "eris dir 1";
  private static final int FORMAT_MAX_BYTES = 64;
  private static final Pattern NEWER = Pattern.compile("eris dir [0-9]+");

  /// What may be there before the first writer has got so far as to write FORMAT. The last is in
  /// every new ext4.
  private static final Set<String> BEFORE_FORMAT = Set.of(WRITERS, "lost+found");

  private DirectoryLayout() {}

  static String shard(Reference reference) {
    return reference.toString().substring(0, 2);
  }

  static String block(Reference reference) {
    String name = reference.toString();
    return name.substring(0, 2) + "/" + name;
  }

  static String setAside(Reference reference) {
    return SET_ASIDE + "/" + reference;
  }

  /// All shards, in the order of their references: digits come last.
  static List<String> shards() {
    return DIGITS
        .chars()
        .boxed()
        .flatMap(first -> DIGITS.chars().mapToObj(second -> "%c%c".formatted(first, second)))
        .toList();
  }

  /// The references among the names of files, in their order.
  static SortedSet<Reference> references(List<String> names) {
    SortedSet<Reference> references = new TreeSet<>();
    for (String name : names) {
      try {
        references.add(Reference.parse(name));
      } catch (ErisException.MalformedReference _) {
        // somebody else's file
      }
    }
    return references;
  }

  static MemorySegment formatText() {
    byte[] text = (FORMAT_TEXT + "\n").getBytes(StandardCharsets.US_ASCII);
    return MemorySegment.ofArray(text);
  }

  /// Whether there is a store that this code understands; false if there could be one.
  ///
  /// @throws IOException if something else is there
  static boolean isStore(FileDevice files, String store) throws IOException {
    // In this order: a FORMAT that comes in between was first, so the names are all old enough.
    boolean mayBecomeStore = BEFORE_FORMAT.containsAll(files.list(ROOT));
    byte[] bytes = new byte[FORMAT_MAX_BYTES];
    OptionalLong size = files.read(FORMAT, MemorySegment.ofArray(bytes));
    if (size.isPresent()) {
      int length = (int) Math.min(size.getAsLong(), FORMAT_MAX_BYTES);
      requireKnown(new String(bytes, 0, length, StandardCharsets.ISO_8859_1).strip(), store);
      return true;
    }
    if (!mayBecomeStore) {
      throw new IOException("no store at " + store + ", but other files");
    }
    return false;
  }

  private static void requireKnown(String format, String store) throws IOException {
    if (format.equals(FORMAT_TEXT)) {
      return;
    }
    throw new IOException(
        NEWER.matcher(format).matches()
            ? "store %s has format '%s', want '%s'".formatted(store, format, FORMAT_TEXT)
            : "the file FORMAT of %s is not that of a store, want '%s'"
                .formatted(store, FORMAT_TEXT));
  }
}
