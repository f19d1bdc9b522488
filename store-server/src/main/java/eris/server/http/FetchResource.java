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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/// Gives blocks, each verified: `POST /eris/v1/fetch`.
final class FetchResource extends BatchResource {
  static final String PATH = "/eris/v1/fetch";

  /// As many as kernels hash side by side.
  private static final int TOGETHER = 8;

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
    List<Reference> some = new ArrayList<>(TOGETHER);
    for (long at = 0; at < references.byteSize(); at += Reference.BYTES) {
      some.add(Reference.readFrom(references, at));
      if (some.size() == TOGETHER || at + Reference.BYTES == references.byteSize()) {
        give(some, writer, out);
        some.clear();
      }
    }
  }

  private void give(List<Reference> references, BatchWriter writer, Outgoing out)
      throws IOException {
    Queue<Optional<ByteBuf>> found = new ArrayDeque<>(blocks.getAll(references));
    try {
      for (Reference reference : references) {
        Optional<ByteBuf> block = found.remove();
        if (block.isPresent()) {
          give(reference, block.get(), writer, out);
        } else {
          give(reference, writer, out);
        }
      }
    } finally {
      found.forEach(left -> left.ifPresent(ByteBuf::release));
    }
  }

  /// Asks for one again that was not among many, and tells why if it is not there.
  private void give(Reference reference, BatchWriter writer, Outgoing out) throws IOException {
    Optional<ByteBuf> block;
    try {
      block = blocks.get(reference);
    } catch (CorruptBlock e) {
      writer.unreadable();
      return;
    }
    if (block.isPresent()) {
      give(reference, block.get(), writer, out);
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
