package eris.server.http;

import eris.Reference;
import eris.server.access.Gate;
import eris.server.access.Permission;
import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings;
import eris.stores.batch.BatchReader;
import eris.stores.batch.BatchWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Tells which blocks are held, as far as the index knows: `POST /eris/v1/have`.
final class HaveResource extends BatchResource {
  static final String PATH = "/eris/v1/have";

  private final BlockService blocks;
  private final Gate gate;
  private final HttpSettings by;

  HaveResource(BlockService blocks, Gate gate, Streams streams, HttpSettings by) {
    super(streams, by.limits().streams());
    this.blocks = blocks;
    this.gate = gate;
    this.by = by;
  }

  @Override
  void post(Exchange exchange) {
    exchange.admit(gate, exchange.isTrusted(by), Permission.SYNC, _ -> begin(exchange, this::tell));
  }

  private void tell(BatchReader reader, BatchWriter writer, Outgoing out) throws IOException {
    ReferenceItems.forEach(reader, out, references -> writer.bytes(bits(references)));
    writer.end();
  }

  private MemorySegment bits(MemorySegment references) throws IOException {
    int count = (int) (references.byteSize() / Reference.BYTES);
    byte[] bits = new byte[Math.ceilDiv(count, Byte.SIZE)];
    for (int i = 0; i < count; i++) {
      if (blocks.contains(Reference.readFrom(references, (long) i * Reference.BYTES))) {
        bits[i / Byte.SIZE] |= (byte) (1 << i % Byte.SIZE);
      }
    }
    return MemorySegment.ofArray(bits);
  }
}
