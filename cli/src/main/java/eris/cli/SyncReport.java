package eris.cli;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.stores.sync.SyncListener;
import eris.stores.sync.SyncResult;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tells how blocks move between stores: progress, what is corrupt, and what was done.
final class SyncReport implements AutoCloseable {
  private final Io io;
  private final boolean json;
  private final Progress progress;
  private final Output output;
  private final CorruptReport corrupt;
  private long leftOut;

  /// What standard output is for.
  enum Output {
    RESULT,
    BLOCKS
  }

  SyncReport(Io io, CommonOptions common, Output output) {
    this.io = io;
    this.json = common.json;
    this.progress = new Progress(io, common.quiet);
    this.output = output;
    this.corrupt = new CorruptReport(io, common.json);
  }

  /// For the side that this command is.
  SyncListener ours() {
    return new SyncListener() {
      @Override
      public void sent(BlockSize size) {
        progress.advance(size.bytes());
      }

      @Override
      public void received(BlockSize size) {
        progress.advance(size.bytes());
      }

      @Override
      public void corrupt(CorruptBlock block) throws IOException {
        add(block);
      }
    };
  }

  /// For the other side, if it is in this process: what it sends is what is received here.
  SyncListener theirs() {
    return new SyncListener() {
      @Override
      public void sent(BlockSize size) {
        // told by the side that receives it
      }

      @Override
      public void received(BlockSize size) {
        // told by the side that sends it
      }

      @Override
      public void corrupt(CorruptBlock block) throws IOException {
        add(block);
      }
    };
  }

  private synchronized void add(CorruptBlock block) throws IOException {
    leftOut++;
    switch (output) {
      case RESULT -> corrupt.add(block);
      case BLOCKS -> io.warn("corrupt %s: %s".formatted(block.reference(), block.detail()));
    }
  }

  /// Prints what was done.
  ///
  /// @throws Failure if blocks were left out
  synchronized void finish(SyncResult result) throws IOException, Failure {
    if (output == Output.RESULT) {
      print(result);
    }
    if (leftOut > 0) {
      throw new Failure(
          ExitCode.CORRUPT, "%d blocks are corrupt and were left out".formatted(leftOut));
    }
  }

  private void print(SyncResult result) throws IOException {
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("sent", result.sentBlocks());
      fields.put("received", result.receivedBlocks());
      fields.put("corrupt", leftOut);
      fields.put("bytesSent", result.sentBytes());
      fields.put("bytesReceived", result.receivedBytes());
      fields.put("roundTrips", result.roundTrips());
      io.println(Json.line(fields));
    } else {
      io.println(
          "%d blocks sent, %d received, %d are corrupt"
              .formatted(result.sentBlocks(), result.receivedBlocks(), leftOut));
    }
  }

  @Override
  public void close() {
    progress.close();
  }
}
