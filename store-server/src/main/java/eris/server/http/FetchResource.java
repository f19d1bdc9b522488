package eris.server.http;

import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings;
import eris.stores.batch.BatchReader;
import eris.stores.batch.BatchWriter;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Gives blocks, each verified: `POST /eris/v1/fetch`.
final class FetchResource extends BatchResource {
  static final String PATH = "/eris/v1/fetch";

  private final BlockService blocks;
  private final HttpSettings by;

  FetchResource(BlockService blocks, Streams streams, HttpSettings by) {
    super(streams, by.limits().streams());
    this.blocks = blocks;
    this.by = by;
  }

  @Override
  void post(Exchange exchange) {
    begin(
        exchange,
        exchange.isTrusted(by) ? Streams.Caller.KNOWN : Streams.Caller.STRANGER,
        this::give);
  }

  private void give(BatchReader reader, BatchWriter writer, Outgoing out) throws IOException {
    ReferenceItems.forEach(reader, out, references -> give(references, writer, out));
    writer.end();
  }

  private void give(MemorySegment references, BatchWriter writer, Outgoing out) throws IOException {
    for (long at = 0; at < references.byteSize(); at += Reference.BYTES) {
      give(Reference.readFrom(references, at), writer, out);
    }
  }

  private void give(Reference reference, BatchWriter writer, Outgoing out) throws IOException {
    Optional<ByteBuf> block = Optional.empty();
    boolean corrupt = false;
    try {
      block = blocks.get(reference);
    } catch (CorruptBlock e) {
      corrupt = true;
    }
    if (block.isPresent()) {
      give(reference, block.get(), writer, out);
    } else if (corrupt) {
      writer.unreadable();
    } else {
      writer.missing();
    }
  }

  private static void give(Reference reference, ByteBuf block, BatchWriter writer, Outgoing out)
      throws IOException {
    try {
      writer.head(reference, block.readableBytes());
    } catch (IOException e) {
      block.release();
      throw e;
    }
    out.pass(block);
  }
}
