package eris.stores;

import eris.ErisException;
import eris.Reference;
import java.io.IOException;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// What RocksDB's failures mean in our terms.
final class RocksFailure {
  private RocksFailure() {}

  static boolean isOutOfSpace(RocksDBException failure) {
    return Optional.ofNullable(failure.getStatus())
        .filter(status -> status.getSubCode() == Status.SubCode.NoSpace)
        .isPresent();
  }

  static boolean isCorruption(RocksDBException failure) {
    return Optional.ofNullable(failure.getStatus())
        .filter(status -> status.getCode() == Status.Code.Corruption)
        .isPresent();
  }

  /// A failure that concerns one block.
  static IOException reading(Reference reference, Object store, RocksDBException failure) {
    if (isCorruption(failure)) {
      var corrupt = new ErisException.CorruptBlock(reference, "the database reports damage");
      corrupt.initCause(failure);
      return corrupt;
    }
    return of("cannot read block " + reference.abbreviated() + " from store " + store, failure);
  }

  static IOException of(String what, RocksDBException failure) {
    return new IOException(what + ": " + failure.getMessage(), failure);
  }
}
