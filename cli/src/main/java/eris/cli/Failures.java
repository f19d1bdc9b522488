package eris.cli;

import eris.ErisException;
import eris.format.ErisFs;
import eris.format.LinkFile;
import eris.format.Manifest;
import eris.image.elf.MalformedElf;
import eris.image.elf.RefusedRewrite;
import eris.image.tree.FaultyFile;
import eris.image.tree.TreeWriter;
import eris.kernel.NoSuchKernelException;
import eris.retention.Collector;
import eris.retention.DamagedLiveSet;
import eris.retention.Heads;
import eris.retention.PinFile;
import eris.retention.Publisher;
import eris.server.access.MalformedAccess;
import eris.store.StoreException;
import eris.stores.DamagedVolume;
import eris.stores.MalformedArchive;
import eris.stores.MalformedStoreUrl;
import eris.stores.daemon.SyncConnection;
import eris.stores.sync.MalformedSync;
import eris.stores.sync.PeerGone;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Optional;

/// Turns whatever ended an operation into the line that the user reads and the exit code.
final class Failures {
  private Failures() {}

  static Failure of(Throwable thrown) {
    return switch (thrown) {
      case Failure failure -> failure;
      case ErisException e -> ofContent(e);
      case StoreException e -> ofStore(e);
      case DamagedVolume e ->
          new Failure(
              ExitCode.FAILED, text(e), "a damaged volume is mended by eris store rebuild URL");
      case MalformedAccess e -> new Failure(ExitCode.FAILED, text(e));
      case FaultyFile e -> ofFile(e);
      case TreeWriter.TooLarge e -> new Failure(ExitCode.REFUSED, text(e));
      case ErisFs.MalformedException e -> new Failure(ExitCode.CORRUPT, text(e));
      case LinkFile.MalformedException e -> new Failure(ExitCode.CORRUPT, text(e));
      case Manifest.MalformedException e -> new Failure(ExitCode.CORRUPT, text(e));
      case MalformedArchive e -> new Failure(ExitCode.CORRUPT, text(e));
      case MalformedElf e -> new Failure(ExitCode.CORRUPT, text(e));
      case RefusedRewrite e -> new Failure(ExitCode.FAILED, text(e));
      case MalformedSync e -> new Failure(ExitCode.CORRUPT, text(e));
      case SyncConnection.NoSync e ->
          new Failure(
              ExitCode.FAILED,
              text(e),
              "push, pull and sync want eris serve there; single blocks: eris store copy");
      case PeerGone e ->
          new Failure(ExitCode.FAILED, text(e), "what arrived is kept: the same command goes on");
      case PinFile.WrongKeyException e -> new Failure(ExitCode.REFUSED, text(e));
      case PinFile.MalformedException e -> new Failure(ExitCode.CORRUPT, text(e));
      case Publisher.IncompleteException e ->
          new Failure(
              e.wrong() > 0 ? ExitCode.CORRUPT : ExitCode.MISSING,
              text(e),
              "nothing was removed; eris verify tells which blocks");
      case DamagedLiveSet e -> new Failure(ExitCode.CORRUPT, text(e), "nothing was removed");
      case Collector.RefusedException e -> new Failure(ExitCode.REFUSED, text(e));
      case Heads.StaleHead e -> new Failure(ExitCode.REFUSED, text(e));
      case MalformedStoreUrl e -> new Failure(ExitCode.USAGE, text(e));
      case TextOnlyChannel.BinaryContentException _ ->
          new Failure(
              ExitCode.FAILED,
              "the content is binary, and standard output is a terminal",
              "write it to a file with -o FILE, or to the terminal with -o -");
      case NoSuchKernelException e -> new Failure(ExitCode.USAGE, text(e));
      case InterruptedIOException _ -> new Failure(ExitCode.INTERRUPTED, "interrupted");
      case FileSystemException e -> new Failure(ExitCode.FAILED, ofFile(e));
      case IOException e -> new Failure(ExitCode.FAILED, text(e));
      case OutOfMemoryError _ ->
          new Failure(ExitCode.FAILED, "out of memory", "give more with ERIS_JAVA_OPTS=-Xmx…");
      default ->
          new Failure(
              ExitCode.FAILED,
              "internal error: " + thrown.getClass().getSimpleName(),
              "run it again with --debug and report what it prints");
    };
  }

  private static Failure ofContent(ErisException e) {
    return switch (e) {
      case ErisException.MissingBlock _ ->
          new Failure(ExitCode.MISSING, text(e), "name another store with --store");
      case ErisException.CorruptBlock _ ->
          new Failure(ExitCode.CORRUPT, text(e), "another store may hold a good copy: --store");
      case ErisException.WrongKey _ -> new Failure(ExitCode.CORRUPT, text(e));
      case ErisException.MalformedTree _ -> new Failure(ExitCode.CORRUPT, text(e));
      case ErisException.MalformedCapability _ -> new Failure(ExitCode.USAGE, text(e));
      case ErisException.MalformedReference _ -> new Failure(ExitCode.USAGE, text(e));
    };
  }

  private static Failure ofFile(FaultyFile e) {
    return e.isMissing()
        ? new Failure(ExitCode.MISSING, text(e), "name another store with --store")
        : new Failure(ExitCode.CORRUPT, text(e), "another store may hold a good copy: --store");
  }

  private static Failure ofStore(StoreException e) {
    return switch (e) {
      case StoreException.Full _, StoreException.ReadOnly _, StoreException.Busy _ ->
          new Failure(ExitCode.STORE, text(e));
      case StoreException.Refused _ -> new Failure(ExitCode.REFUSED, text(e));
    };
  }

  private static String ofFile(FileSystemException e) {
    String reason =
        switch (e) {
          case NoSuchFileException _ -> "no such file or directory";
          case AccessDeniedException _ -> "permission denied";
          case NotDirectoryException _ -> "not a directory";
          case DirectoryNotEmptyException _ -> "directory is not empty";
          case FileAlreadyExistsException _ -> "already exists";
          default ->
              Optional.ofNullable(e.getReason()).orElse("cannot be used").toLowerCase(Locale.ROOT);
        };
    return e.getFile() == null ? reason : e.getFile() + ": " + reason;
  }

  private static String text(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }
}
