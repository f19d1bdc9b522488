package eris.server.http;

import eris.Reference;
import eris.stores.batch.BatchItem;
import eris.stores.batch.BatchReader;
import eris.stores.batch.MalformedBatch;
import eris.stores.batch.StreamDigest;
import java.io.Flushable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// The references of a request.
final class ReferenceItems {
  private ReferenceItems() {}

  /// Takes the references of one item, one after another, which are valid during the call.
  @FunctionalInterface
  interface Visitor {
    void visit(MemorySegment references) throws IOException;
  }

  /// Reads a stream to its end.
  ///
  /// @param answer flushed before a wait: the client may want it before it says more
  static void forEach(BatchReader reader, Flushable answer, Visitor visitor) throws IOException {
    var digest = new StreamDigest();
    byte[] buffer = new byte[BatchReader.MOST_BYTES];
    boolean more = true;
    while (more) {
      switch (reader.next(buffer)) {
        case BatchItem.Bytes(int count) when count % Reference.BYTES == 0 -> {
          MemorySegment references = MemorySegment.ofArray(buffer).asSlice(0, count);
          digest.add(Reference.of(references));
          visitor.visit(references);
          if (!reader.hasMore()) {
            answer.flush();
          }
        }
        case BatchItem.End(var mark) -> {
          requireEnd(mark.equals(digest.endMark()), reader);
          more = false;
        }
        case BatchItem.Bytes _,
            BatchItem.Durable _,
            BatchItem.Missing _,
            BatchItem.Unreadable _,
            BatchItem.Failed _ ->
            throw new MalformedBatch("want references of 32 bytes each");
      }
    }
  }

  static void requireEnd(boolean isRight, BatchReader reader) throws IOException {
    if (!isRight) {
      throw new MalformedBatch("the end mark is of other items");
    }
    reader.requireEnd();
  }
}
