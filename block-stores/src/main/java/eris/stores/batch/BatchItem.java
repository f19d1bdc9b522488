package eris.stores.batch;

/// One item of a stream.
public sealed interface BatchItem {
  /// A byte string, which is in the buffer that was given.
  record Bytes(int count) implements BatchItem {}

  /// So many blocks from the beginning on are durable.
  record Durable(long count) implements BatchItem {}

  /// The block that is due is not there.
  record Missing() implements BatchItem {}

  /// The copy of the block that is due is no good.
  record Unreadable() implements BatchItem {}

  /// The stream ends here, without an end mark.
  record Failed(BatchFailure reason) implements BatchItem {}

  /// Nothing follows.
  record End(EndMark mark) implements BatchItem {}
}
