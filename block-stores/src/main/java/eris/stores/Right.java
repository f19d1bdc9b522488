package eris.stores;

/// What a store may be used for. The query words of a [StoreUrl] are these, in lower case.
public enum Right {
  /// Blocks are looked up here.
  GET,
  /// What the user stores goes here.
  PUT,
  /// What had to be fetched from a later store is kept here.
  CACHE
}
