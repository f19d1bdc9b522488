package eris.format;

import eris.ErisException;
import eris.ReadCapability;
import eris.cbor.Cbor;
import eris.cbor.CborException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// From bytes to an [ErisFs]. Since the CBOR has one encoding only, so has the tree.
final class ErisFsReader {
  private ErisFsReader() {}

  static ErisFs read(byte[] encoded) throws ErisFs.MalformedException {
    var entries = new TreeMap<ErisFs.Path, ErisFs.Entry>();
    for (Cbor.Entry entry : entriesOf(decode(encoded))) {
      entries.put(path(entry.key()), entry(entry.value()));
    }
    refuse(ErisFs.flaw(entries));
    return new ErisFs(entries);
  }

  private static Cbor decode(byte[] encoded) throws ErisFs.MalformedException {
    try {
      return Cbor.decode(encoded);
    } catch (CborException e) {
      throw new ErisFs.MalformedException(e);
    }
  }

  private static List<Cbor.Entry> entriesOf(Cbor item) throws ErisFs.MalformedException {
    if (item instanceof Cbor.Tag(long number, Cbor.Array(List<Cbor> parts))
        && number == ErisFs.TAG
        && parts.size() == 2
        && parts.get(0) instanceof Cbor.Int(long version)) {
      if (version != ErisFs.VERSION) {
        throw new ErisFs.MalformedException(
            "version %d, want %d".formatted(version, ErisFs.VERSION));
      }
      if (parts.get(1) instanceof Cbor.Map(List<Cbor.Entry> entries)) {
        return entries;
      }
    }
    throw new ErisFs.MalformedException(
        "no tag %d around a version and a map".formatted(ErisFs.TAG));
  }

  private static ErisFs.Path path(Cbor item) throws ErisFs.MalformedException {
    if (!(item instanceof Cbor.Array(List<Cbor> parts))) {
      throw new ErisFs.MalformedException("a path that is not an array");
    }
    List<String> names = new ArrayList<>(parts.size());
    for (Cbor part : parts) {
      names.add(text(part, "a name in a path"));
    }
    refuse(ErisFs.Path.flaw(names));
    return new ErisFs.Path(names);
  }

  private static ErisFs.Entry entry(Cbor item) throws ErisFs.MalformedException {
    if (!(item instanceof Cbor.Array(List<Cbor> parts)
        && parts.size() == 2
        && parts.get(0) instanceof Cbor.Int(long kind))) {
      throw new ErisFs.MalformedException("an entry that is not a kind and a value");
    }
    Cbor value = parts.get(1);
    if (kind == ErisFs.FILE) {
      return new ErisFs.File(capability(value));
    }
    if (kind == ErisFs.EXECUTABLE) {
      return new ErisFs.Executable(capability(value));
    }
    if (kind == ErisFs.SYMBOLIC_LINK) {
      String target = text(value, "a link target");
      refuse(ErisFs.SymbolicLink.flaw(target));
      return new ErisFs.SymbolicLink(target);
    }
    throw new ErisFs.MalformedException("an entry of kind %d, want 0, 1 or 2".formatted(kind));
  }

  private static ReadCapability capability(Cbor item) throws ErisFs.MalformedException {
    if (item instanceof Cbor.Tag(long number, Cbor.Bytes bytes)
        && number == ErisFs.CAPABILITY_TAG) {
      try {
        return ReadCapability.parse(bytes.toArray());
      } catch (ErisException.MalformedCapability e) {
        throw new ErisFs.MalformedException(e);
      }
    }
    throw new ErisFs.MalformedException(
        "a file without tag %d around a byte string".formatted(ErisFs.CAPABILITY_TAG));
  }

  private static String text(Cbor item, String what) throws ErisFs.MalformedException {
    if (item instanceof Cbor.Text(String value)) {
      return value;
    }
    throw new ErisFs.MalformedException(what + " is not text");
  }

  private static void refuse(Optional<String> flaw) throws ErisFs.MalformedException {
    if (flaw.isPresent()) {
      throw new ErisFs.MalformedException(flaw.get());
    }
  }
}
