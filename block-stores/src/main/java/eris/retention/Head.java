package eris.retention;

import eris.ErisException.MalformedCapability;
import eris.ReadCapability;
import eris.cbor.Cbor;
import java.util.List;
import java.util.Objects;

/// What an account has signed about its live set: which list holds it, and that this is its n-th.
///
/// @param sequence rises with each head of the account, in whatever store: who has an older head
///     cannot bring it back
/// @param count of references in the list
/// @param list the capability of the list, which is no secret: it holds references only
/// @param signature Ed25519 over [#signedBytes], 64 bytes
public record Head(
    AccountId account, long sequence, long count, ReadCapability list, Cbor.Bytes signature) {
  private static final String PURPOSE = "eris live set 1";

  public Head {
    Objects.requireNonNull(account);
    Objects.requireNonNull(list);
    Objects.requireNonNull(signature);
    if (sequence < 1 || count < 0) {
      throw new IllegalArgumentException("sequence %d, count %d".formatted(sequence, count));
    }
  }

  /// Makes a head.
  public static Head sign(Account account, long sequence, long count, ReadCapability list) {
    byte[] signed = signedBytes(account.id(), sequence, count, list);
    Cbor.Bytes signature = Cbor.Bytes.copyOf(account.sign(signed));
    return new Head(account.id(), sequence, count, list, signature);
  }

  /// Whether the account itself says so.
  public boolean isAuthentic() {
    return account.signed(signedBytes(account, sequence, count, list), signature.toArray());
  }

  private static byte[] signedBytes(
      AccountId account, long sequence, long count, ReadCapability list) {
    return Cbor.Array.of(
            new Cbor.Text(PURPOSE),
            Cbor.Bytes.copyOf(account.toBytes()),
            new Cbor.Int(sequence),
            new Cbor.Int(count),
            Cbor.Bytes.copyOf(list.toBytes()))
        .encode();
  }

  Cbor.Entry toEntry() {
    return new Cbor.Entry(
        Cbor.Bytes.copyOf(account.toBytes()),
        Cbor.Array.of(
            new Cbor.Int(sequence),
            new Cbor.Int(count),
            Cbor.Bytes.copyOf(list.toBytes()),
            signature));
  }

  static Head of(Cbor.Entry entry) throws DamagedLiveSet {
    if (entry.key() instanceof Cbor.Bytes account
        && entry.value() instanceof Cbor.Array(List<Cbor> items)
        && items.size() == 4
        && items.get(0) instanceof Cbor.Int(long sequence)
        && items.get(1) instanceof Cbor.Int(long count)
        && items.get(2) instanceof Cbor.Bytes list
        && items.get(3) instanceof Cbor.Bytes signature) {
      try {
        return new Head(
            AccountId.copyOf(account.toArray()),
            sequence,
            count,
            ReadCapability.parse(list.toArray()),
            signature);
      } catch (IllegalArgumentException | MalformedCapability e) {
        throw new DamagedLiveSet("a head is malformed", e);
      }
    }
    throw new DamagedLiveSet("an entry of the table is no head");
  }
}
