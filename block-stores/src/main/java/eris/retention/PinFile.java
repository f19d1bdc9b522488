package eris.retention;

import eris.store.StoreException;
import eris.stores.FileDevice;
import eris.stores.WholeFile;
import eris.stores.Writer;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// A sealed file of pins, changed by one process at a time.
public final class PinFile {
  private static final int MAX_BYTES = 1 << 28;

  private final WholeFile file;
  private final PinKey key;

  /// The file is no pin file, damaged where it can be seen without a key, or of another version.
  public static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedException(String detail) {
      super("malformed pin file: " + detail);
    }
  }

  /// The key does not open the file; one that was damaged looks the same.
  public static final class WrongKeyException extends IOException {
    private static final long serialVersionUID = 1;

    WrongKeyException() {
      super("wrong passphrase or key file, or the pin file is damaged");
    }
  }

  /// The pins cannot become what was asked for; the file is as it was.
  @FunctionalInterface
  public interface Change {
    /// @return empty if nothing is to be changed
    Optional<Pins> apply(Pins pins) throws IOException;
  }

  public PinFile(FileDevice directory, String name, PinKey key) {
    this.file = WholeFile.in(directory, name);
    this.key = key;
  }

  /// The pins, without waiting for anybody; empty if there is no file.
  ///
  /// @throws WrongKeyException if the key is another
  /// @throws MalformedException if it is no pin file
  public Optional<Pins> read() throws IOException {
    return load().map(PinSeal.Opened::pins);
  }

  /// Changes the pins, and returns when that is durable. Without a file, `change` is told of no pins
  /// and a new account.
  ///
  /// @return what there is now
  /// @throws StoreException.Busy if another process changes it for longer than `writer` has patience
  public Pins update(Change change, Writer writer) throws IOException {
    try (Closeable _ = file.lock("of pins", writer)) {
      Optional<PinSeal.Opened> opened = load();
      Pins before = opened.map(PinSeal.Opened::pins).orElseGet(Pins::create);
      Optional<Pins> after = change.apply(before);
      if (after.isPresent()) {
        PinSeal seal = opened.map(PinSeal.Opened::seal).orElseGet(() -> PinSeal.create(key));
        file.replace(seal.seal(after.get()));
      }
      return after.orElse(before);
    }
  }

  private Optional<PinSeal.Opened> load() throws IOException {
    Optional<byte[]> sealed;
    try {
      sealed = file.read(MAX_BYTES);
    } catch (WholeFile.TooLargeException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
    return sealed.isEmpty() ? Optional.empty() : Optional.of(PinSeal.open(sealed.get(), key));
  }
}
