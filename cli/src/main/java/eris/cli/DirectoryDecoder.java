package eris.cli;

import eris.codec.Decoder;
import eris.format.ErisFs;
import eris.image.tree.ClosureReader;
import eris.image.tree.TreeWriter;
import eris.store.BlockSource;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Makes the directory that an ERIS-FS describes, whole or not at all.
final class DirectoryDecoder {
  private static final int MAX_LIST_BYTES = 1 << 30;

  private final BlockSource source;
  private final Progress progress;
  private final long maxSize;

  DirectoryDecoder(BlockSource source, Progress progress, long maxSize) {
    this.source = source;
    this.progress = progress;
    this.maxSize = maxSize;
  }

  void decode(Decoder list, Path place) throws IOException, Failure {
    if (list.size() > MAX_LIST_BYTES) {
      throw new Failure(ExitCode.CORRUPT, "the content is too long for an ERIS-FS");
    }
    ErisFs tree = ErisFs.decode(Channels.newInputStream(list).readAllBytes());
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new Failure(ExitCode.FAILED, place + ": already exists");
    }
    try (var directory = OutputDirectory.create(place)) {
      var reader = new ClosureReader(source, progress.listener());
      new TreeWriter(reader, maxSize - list.size()).write("", tree, directory.path());
      directory.commit();
    }
  }
}
