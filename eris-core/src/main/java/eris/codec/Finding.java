package eris.codec;

import eris.ErisException;
import eris.Reference;

/// One thing wrong with a tree. A check collects findings; it does not stop at the first.
public sealed interface Finding {
  /// No store has the block.
  record Missing(Reference reference) implements Finding {}

  /// What the stores have is not the block.
  record Corrupt(Reference reference, String detail) implements Finding {}

  /// The root key is not the hash of the root node.
  record WrongRootKey(Reference reference) implements Finding {}

  /// The block is authentic but has no place in a tree of ERIS.
  record Malformed(Reference reference, String detail) implements Finding {}

  /// The node's key is not the one that encoding with the given secret would have derived.
  record NotCanonical(Reference reference, int level) implements Finding {}

  /// The block that this is about.
  Reference reference();

  /// What reading the block `reference` ended with.
  static Finding of(Reference reference, ErisException failure) {
    return switch (failure) {
      case ErisException.MissingBlock _ -> new Missing(reference);
      case ErisException.CorruptBlock e -> new Corrupt(reference, e.detail());
      case ErisException.MalformedTree e -> new Malformed(reference, e.detail());
      case ErisException.WrongKey _ -> new WrongRootKey(reference);
      case ErisException.MalformedCapability e -> throw new IllegalStateException(e);
      case ErisException.MalformedReference e -> throw new IllegalStateException(e);
    };
  }

  static String describe(Finding finding) {
    return switch (finding) {
      case Missing(var reference) -> "missing " + reference;
      case Corrupt(var reference, var detail) -> "corrupt " + reference + ": " + detail;
      case WrongRootKey(var reference) ->
          "wrong key for " + reference + ": the root key does not match the root node";
      case Malformed(var reference, var detail) -> "malformed " + reference + ": " + detail;
      case NotCanonical(var reference, var level) ->
          "not canonical " + reference + ": level %d has another key".formatted(level);
    };
  }
}
