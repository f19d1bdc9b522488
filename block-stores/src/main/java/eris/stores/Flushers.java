package eris.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Threads that flush files and directories.
///
/// Several, because a file system commits together what waits together: 1,024 new files on ext4 take
/// 2.8 s one by one and 0.2 s eight at a time. And their own, because interrupting the caller must
/// not break off a flush, whose outcome would then be unknown.
final class Flushers {
  private static final int THREADS = 8;
  private static final ExecutorService POOL = pool();

  private Flushers() {}

  /// Returns once all flushes have ended.
  ///
  /// @throws IOException if one has failed
  static void flush(Collection<Path> paths) throws IOException {
    CompletableFuture<?>[] flushes =
        paths.stream()
            .map(path -> CompletableFuture.runAsync(() -> flush(path), POOL))
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(flushes).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException failure) {
        throw new IOException("flush failed: " + failure.getMessage(), failure.getCause());
      }
      throw e;
    }
  }

  private static void flush(Path path) {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(Files.isDirectory(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ExecutorService pool() {
    var pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("eris-flush-", 0).daemon().factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
