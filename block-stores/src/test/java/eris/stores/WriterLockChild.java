package eris.stores;

import eris.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// Another process that wants a lock. Arguments: the directory, and `try` or `hold`.
final class WriterLockChild {
  private WriterLockChild() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Writer writer = Writer.named("other").withPatience(Duration.ZERO);
    try (WriterLock _ = WriterLock.acquire(Path.of(arguments[0]), writer)) {
      System.out.println("locked");
      if (arguments[1].equals("hold")) {
        Thread.sleep(Duration.ofMinutes(10)); // until it is killed
      }
    } catch (StoreException.Busy e) {
      System.out.println("refused: " + e.getMessage());
    }
  }
}
