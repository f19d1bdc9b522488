package eris.cli;

import eris.BlockSize;
import eris.ReadCapability;
import eris.codec.Encoder;
import eris.kernel.BlockKernel;
import eris.store.BlockSink;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Encodes one piece of content after the other, each with the block size that fits it.
final class ContentEncoder {
  private final Optional<BlockSize> blockSize;
  private final EncodeOptions.SecretSource secrets;
  private final BlockSink sink;
  private final Progress progress;
  private final Map<BlockSize, Encoder> encoders = new EnumMap<>(BlockSize.class);

  /// @param size in bytes
  record Encoded(String name, long size, ReadCapability capability) {}

  ContentEncoder(
      Optional<BlockSize> blockSize,
      EncodeOptions.SecretSource secrets,
      BlockSink sink,
      Progress progress) {
    this.blockSize = blockSize;
    this.secrets = secrets;
    this.sink = sink;
    this.progress = progress;
  }

  Encoded encode(ContentFile content) throws IOException, Failure {
    content
        .size()
        .ifPresent(
            bytes -> {
              progress.expect(bytes);
              BlockKernel.expect(bytes);
            });
    long before = progress.done();
    ReadCapability capability = encode(progress.counting(content.channel()));
    content.requireUnchanged();
    return new Encoded(content.name(), progress.done() - before, capability);
  }

  ReadCapability encode(ReadableByteChannel content) throws IOException {
    var peeked = PrefixedChannel.peek(content, BlockSize.AUTO_THRESHOLD_BYTES);
    BlockSize size =
        blockSize.orElseGet(() -> BlockSize.recommendedFor(peeked.prefix().remaining()));
    return encoders.computeIfAbsent(size, s -> new Encoder(s, sink)).encode(peeked, secrets.next());
  }
}
