package eris.stores;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// A row of bytes that survives: a file, a disk, a partition; or a simulated one. Safe for
/// concurrent use.
///
/// Nothing written survives a power cut before it was flushed, and until then any sector of it may
/// be old, new or nonsense.
public interface Device extends Closeable {
  /// The size in bytes, at present.
  long size() throws IOException;

  /// Whether writing behind the end makes it larger.
  boolean grows();

  /// Fills `target` with what begins at `offset`.
  ///
  /// @throws EOFException if the device ends before
  void read(long offset, MemorySegment target) throws IOException;

  /// Fills `target`, unless the device ends before or has lost what is there.
  ///
  /// @return whether it did; if not, anything is in `target`
  default boolean tryRead(long offset, MemorySegment target) throws IOException {
    try {
      read(offset, target);
      return true;
    } catch (EOFException _) {
      return false;
    } catch (IOException e) {
      if (OsError.UNREADABLE.is(e)) {
        return false;
      }
      throw e;
    }
  }

  /// Writes all of `source` at `offset`. After a failure any part of it may be there.
  void write(long offset, MemorySegment source) throws IOException;

  /// Makes sure that a later write in this range does not fail for want of space. The range holds
  /// nothing that is needed: its bytes may change.
  void reserve(long offset, long sizeBytes) throws IOException;

  /// Returns once all that was written before the call is durable. After a failure nobody knows
  /// what is, and flushing again does not tell.
  void flush() throws IOException;
}
