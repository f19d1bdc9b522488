package eris.server.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import eris.stores.WholeFile;
import eris.stores.Writer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/// Where accounts and tokens are kept: a file that only its owner reads.
public final class AccessFile {
  private static final int MAX_BYTES = 1 << 24;

  private final Path path;
  private final WholeFile file;

  public AccessFile(Path path) {
    this.path = path;
    this.file = WholeFile.ofOwner(path);
  }

  /// What is in it; nobody is let in if there is none.
  ///
  /// @throws MalformedAccess if it is something else
  public AccessList read() throws IOException {
    Optional<byte[]> text;
    try {
      text = file.read(MAX_BYTES);
    } catch (WholeFile.TooLargeException e) {
      throw new MalformedAccess(path, 1, "the file has " + e.getMessage());
    }
    return text.isEmpty()
        ? AccessList.EMPTY
        : AccessText.parse(new String(text.get(), UTF_8), path);
  }

  /// Changes it, one process at a time.
  ///
  /// @param change empty if there is nothing to be changed
  /// @return whether there was
  /// @throws IllegalArgumentException if `change` does; the file is as it was
  public boolean update(Function<AccessList, Optional<AccessList>> change, Writer writer)
      throws IOException {
    try (Closeable _ = file.lock("of accounts", writer)) {
      Optional<AccessList> changed = change.apply(read());
      if (changed.isPresent()) {
        file.replace(AccessText.format(changed.get()).getBytes(UTF_8));
      }
      return changed.isPresent();
    }
  }
}
