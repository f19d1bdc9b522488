package eris.cbor;

/// The upper three bits of an item's first byte.
final class MajorType {
  static final int UNSIGNED = 0;
  static final int NEGATIVE = 1;
  static final int BYTES = 2;
  static final int TEXT = 3;
  static final int ARRAY = 4;
  static final int MAP = 5;
  static final int TAG = 6;
  static final int SIMPLE = 7;

  /// Arguments of the major type SIMPLE.
  static final int FALSE = 20;

  static final int TRUE = 21;
  static final int NULL = 22;

  private MajorType() {}
}
