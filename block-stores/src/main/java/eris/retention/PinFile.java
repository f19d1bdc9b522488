package eris.retention;

import eris.store.StoreException;
import eris.stores.Clock;
import eris.stores.FileDevice;
import eris.stores.Writer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A sealed file of pins: never there in part, and changed by one process at a time, which holds the
/// lock of a file beside it, `NAME.lock`. A new version is written beside the old one, `NAME.new`,
/// flushed, and takes its name.
public final class PinFile {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int MAX_BYTES = 1 << 28;

  private final FileDevice directory;
  private final String name;
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
    this.directory = directory;
    this.name = name;
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
    try (Closeable _ = lock(writer)) {
      Optional<PinSeal.Opened> opened = load();
      Pins before = opened.map(PinSeal.Opened::pins).orElseGet(Pins::create);
      Optional<Pins> after = change.apply(before);
      if (after.isPresent()) {
        PinSeal seal = opened.map(PinSeal.Opened::seal).orElseGet(() -> PinSeal.create(key));
        replace(seal.seal(after.get()));
      }
      return after.orElse(before);
    }
  }

  private Optional<PinSeal.Opened> load() throws IOException {
    OptionalLong size = directory.size(name);
    if (size.isEmpty()) {
      return Optional.empty();
    }
    if (size.getAsLong() > MAX_BYTES) {
      throw new MalformedException("%d bytes".formatted(size.getAsLong()));
    }
    byte[] sealed = new byte[(int) size.getAsLong()];
    OptionalLong read = directory.read(name, MemorySegment.ofArray(sealed));
    if (read.isEmpty() || read.getAsLong() != sealed.length) {
      return load(); // replaced between the two
    }
    return Optional.of(PinSeal.open(sealed, key));
  }

  private void replace(byte[] sealed) throws IOException {
    String unfinished = name + ".new";
    directory.delete(unfinished); // of somebody who was killed
    directory.write(unfinished, MemorySegment.ofArray(sealed));
    directory.flush(List.of(unfinished));
    directory.rename(unfinished, name);
    directory.flush(List.of(""));
  }

  private Closeable lock(Writer writer) throws IOException {
    String lock = name + ".lock";
    long begin = Clock.SYSTEM.nanoTime();
    Optional<Closeable> held = directory.tryLock(lock);
    if (held.isEmpty()) {
      writer.onWait().accept("another process");
    }
    while (held.isEmpty()) {
      if (Clock.SYSTEM.nanoTime() - begin >= writer.patience().toNanos()) {
        throw new StoreException.Busy("of pins " + name, "another process");
      }
      pause();
      held = directory.tryLock(lock);
    }
    return held.get();
  }

  private static void pause() throws InterruptedIOException {
    try {
      Clock.SYSTEM.pause(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for another writer");
    }
  }
}
