package eris.cli;

import eris.store.BlockSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Encodes every file that the user named, in order, up to the first that fails.
record EncodeAll(EncodeOptions options, Io io) {

  void into(BlockSink sink, Progress progress, EncodingReport report) throws IOException, Failure {
    var encoder =
        new ContentEncoder(options.blockSize, options.secrets(io.random()), sink, progress);
    for (String name : options.filesOrStandardInput()) {
      if (options.recursive && Files.isDirectory(Path.of(name))) {
        report.add(new DirectoryEncoder(encoder).encode(Path.of(name)));
      } else {
        try (ContentFile content = ContentFile.open(name, io)) {
          report.add(encoder.encode(content));
        }
      }
    }
  }
}
