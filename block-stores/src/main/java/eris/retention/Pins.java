package eris.retention;

import eris.ErisException.MalformedCapability;
import eris.ReadCapability;
import eris.cbor.Cbor;
import eris.cbor.CborException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What a user wants kept, and the account that says so to stores. A secret; docs/formats/pins.md
/// has the form in which it is sealed.
///
/// @param sequence of the last head that the account has signed; 0 before the first
/// @param pins in the order in which they were added, no two of the same content or name
public record Pins(Account account, long sequence, List<Pin> pins) {
  public Pins {
    pins = List.copyOf(pins);
  }

  /// Nothing, and a new account.
  static Pins create() {
    return new Pins(Account.generate(), 0, List.of());
  }

  /// With `pin`, in the place of an older one of the same content.
  ///
  /// @return empty if other content has its name
  public Optional<Pins> with(Pin pin) {
    List<Pin> others = new ArrayList<>(pins);
    others.removeIf(other -> other.capability().equals(pin.capability()));
    if (!pin.name().isEmpty() && others.stream().anyMatch(p -> p.name().equals(pin.name()))) {
      return Optional.empty();
    }
    others.add(pin);
    return Optional.of(new Pins(account, sequence, others));
  }

  /// Without those pins that are `unwanted`.
  public Pins without(Predicate<Pin> unwanted) {
    return new Pins(account, sequence, pins.stream().filter(unwanted.negate()).toList());
  }

  /// Before a head of this sequence is signed.
  public Pins withSequence(long next) {
    return new Pins(account, next, pins);
  }

  byte[] encode() {
    return Cbor.Array.of(
            Cbor.Bytes.copyOf(account.id().toBytes()),
            Cbor.Bytes.copyOf(account.seed()),
            new Cbor.Int(sequence),
            new Cbor.Array(pins.stream().map(Pins::toCbor).toList()))
        .encode();
  }

  private static Cbor toCbor(Pin pin) {
    return Cbor.Array.of(
        Cbor.Bytes.copyOf(pin.capability().toBytes()),
        new Cbor.Int(pin.scope() == Pin.Scope.DIRECTORY ? 1 : 0),
        new Cbor.Text(pin.name()),
        new Cbor.Text(pin.note()));
  }

  /// @throws PinFile.MalformedException if `encoded` is not what [#encode] gives
  static Pins decode(byte[] encoded) throws PinFile.MalformedException {
    try {
      if (Cbor.decode(encoded) instanceof Cbor.Array(List<Cbor> items)
          && items.size() == 4
          && items.get(0) instanceof Cbor.Bytes id
          && items.get(1) instanceof Cbor.Bytes seed
          && items.get(2) instanceof Cbor.Int(long sequence)
          && items.get(3) instanceof Cbor.Array(List<Cbor> encodedPins)) {
        List<Pin> pins = new ArrayList<>();
        for (Cbor pin : encodedPins) {
          pins.add(pin(pin));
        }
        return new Pins(Account.of(AccountId.copyOf(id.toArray()), seed.toArray()), sequence, pins);
      }
    } catch (CborException | MalformedCapability | IllegalArgumentException _) {
      // what it holds is secret, so is what is wrong with it
    }
    throw new PinFile.MalformedException("what is sealed in it are no pins");
  }

  private static Pin pin(Cbor encoded) throws MalformedCapability {
    if (encoded instanceof Cbor.Array(List<Cbor> items)
        && items.size() == 4
        && items.get(0) instanceof Cbor.Bytes capability
        && items.get(1) instanceof Cbor.Int(long scope)
        && (scope == 0 || scope == 1)
        && items.get(2) instanceof Cbor.Text(String name)
        && items.get(3) instanceof Cbor.Text(String note)) {
      return new Pin(
          name,
          note,
          ReadCapability.parse(capability.toArray()),
          scope == 1 ? Pin.Scope.DIRECTORY : Pin.Scope.CONTENT);
    }
    throw new IllegalArgumentException("no pin");
  }

  @Override
  public String toString() {
    return "Pins[%d, redacted]".formatted(pins.size());
  }
}
