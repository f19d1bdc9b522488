package eris.stores;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The few file operations that a [DirectoryStore] needs, so that its crashes can be simulated. Safe
/// for concurrent use.
///
/// Paths are relative to the directory the device stands for, which itself is the empty path; names
/// are parted by `/`. Nothing survives a power cut that was not flushed: neither the bytes of a file
/// nor, apart from them, its name in its directory.
public interface FileDevice {
  /// The size of a file in bytes; empty if there is none.
  OptionalLong size(String path) throws IOException;

  /// Reads a file that fits into `target`; of a larger one only the size is told. The size in bytes,
  /// or empty if there is no such file.
  OptionalLong read(String path, MemorySegment target) throws IOException;

  /// Creates a file, which must be new, and writes all of `content`. After a failure part of the
  /// file may be there.
  void write(String path, MemorySegment content) throws IOException;

  /// Returns once all of `paths` are durable: of a file the bytes, of a directory the names that
  /// came, went and changed in it. After a failure nobody knows what is, and flushing again does not
  /// tell.
  void flush(Collection<String> paths) throws IOException;

  /// Renames a file. One that has the new name already is replaced, at no moment by nothing.
  void rename(String from, String to) throws IOException;

  /// Creates a directory in one that is there. One that exists already is fine.
  void createDirectory(String path) throws IOException;

  /// The names in a directory, in no order; none if it is not there.
  List<String> list(String path) throws IOException;

  /// Deletes a file or an empty directory. One that is not there is fine.
  void delete(String path) throws IOException;

  /// Locks a file, which it creates if need be, against everybody else, also in this process, until
  /// the result is closed or the process ends. Empty if another holds it, or has just deleted it.
  Optional<Closeable> tryLock(String path) throws IOException;

  /// A name of 32 hexadecimal digits that no caller, in any process, is given twice.
  String uniqueName();
}
