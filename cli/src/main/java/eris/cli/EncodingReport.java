package eris.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Prints capabilities, each only once its blocks are durable. Small contents share a flush.
final class EncodingReport implements AutoCloseable {
  private static final int MAX_WAITING = 256;
  private static final long MAX_WAITING_BYTES = 64 << 20;

  private final Io io;
  private final boolean json;
  private final Flush flush;
  private final List<ContentEncoder.Encoded> waiting = new ArrayList<>();
  private long waitingBytes;

  @FunctionalInterface
  interface Flush {
    void run() throws IOException;
  }

  EncodingReport(Io io, boolean json, Flush flush) {
    this.io = io;
    this.json = json;
    this.flush = flush;
  }

  void add(ContentEncoder.Encoded encoded) throws IOException {
    waiting.add(encoded);
    waitingBytes += encoded.size();
    if (waiting.size() == MAX_WAITING || waitingBytes >= MAX_WAITING_BYTES) {
      print();
    }
  }

  private void print() throws IOException {
    flush.run();
    for (ContentEncoder.Encoded encoded : waiting) {
      io.println(json ? jsonOf(encoded) : encoded.capability().toUrn());
    }
    waiting.clear();
    waitingBytes = 0;
  }

  private static String jsonOf(ContentEncoder.Encoded encoded) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", encoded.name());
    fields.put("urn", encoded.capability().toUrn());
    fields.put("size", encoded.size());
    var capability = encoded.capability();
    fields.putAll(
        Json.fieldsOf(capability.blockSize(), capability.level(), capability.root().reference()));
    return Json.line(fields);
  }

  /// Prints what is waiting: also when a later content failed, for what is stored is stored.
  @Override
  public void close() throws IOException {
    if (!waiting.isEmpty()) {
      print();
    }
  }
}
