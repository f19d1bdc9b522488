package eris.retention;

import eris.cbor.Cbor;
import eris.cbor.CborException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The heads of all accounts, as a store keeps them in its metadata; see docs/formats/live-set.md.
record HeadTable(SortedMap<AccountId, Head> heads) {
  static final HeadTable EMPTY = new HeadTable(new TreeMap<>());
  private static final long TAG = 0x65726968; // "erih"
  private static final long VERSION = 1;

  HeadTable {
    heads = Collections.unmodifiableSortedMap(new TreeMap<>(heads));
  }

  /// Decodes what [#encode] gives, and nothing else; nothing at all is an empty table.
  ///
  /// @throws DamagedLiveSet if it is malformed, or one of the signatures is wrong
  static HeadTable decode(byte[] encoded) throws DamagedLiveSet {
    return encoded.length == 0 ? EMPTY : decode(parse(encoded));
  }

  private static Cbor parse(byte[] encoded) throws DamagedLiveSet {
    try {
      return Cbor.decode(encoded);
    } catch (CborException e) {
      throw new DamagedLiveSet("the table of heads is malformed", e);
    }
  }

  private static HeadTable decode(Cbor document) throws DamagedLiveSet {
    if (document instanceof Cbor.Tag(long tag, Cbor.Array(List<Cbor> items))
        && tag == TAG
        && items.size() == 2
        && items.get(0).equals(new Cbor.Int(VERSION))
        && items.get(1) instanceof Cbor.Map(List<Cbor.Entry> entries)) {
      SortedMap<AccountId, Head> heads = new TreeMap<>();
      for (Cbor.Entry entry : entries) {
        Head head = Head.of(entry);
        if (!head.isAuthentic()) {
          throw new DamagedLiveSet(
              "the head of %s has a wrong signature".formatted(head.account()));
        }
        heads.put(head.account(), head);
      }
      return new HeadTable(heads);
    }
    throw new DamagedLiveSet("the table of heads has an unknown form");
  }

  byte[] encode() {
    List<Cbor.Entry> entries = new ArrayList<>(heads.size());
    heads.values().forEach(head -> entries.add(head.toEntry()));
    return new Cbor.Tag(TAG, Cbor.Array.of(new Cbor.Int(VERSION), new Cbor.Map(entries))).encode();
  }

  Optional<Head> of(AccountId account) {
    return Optional.ofNullable(heads.get(account));
  }

  Collection<Head> all() {
    return heads.values();
  }

  HeadTable with(Head head) {
    SortedMap<AccountId, Head> changed = new TreeMap<>(heads);
    changed.put(head.account(), head);
    return new HeadTable(changed);
  }

  HeadTable without(AccountId account) {
    SortedMap<AccountId, Head> changed = new TreeMap<>(heads);
    changed.remove(account);
    return new HeadTable(changed);
  }
}
