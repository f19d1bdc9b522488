package eris.stores.sync;

import eris.store.MemoryBlockStore;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.Random;

/// What both sides of a true session said.
@SuppressWarnings("ArrayRecordComponent") // never compared
record Recording(byte[] fromLeft, byte[] fromRight) {
  static Recording of(MemoryBlockStore left, MemoryBlockStore right) throws IOException {
    var fromLeft = new ByteArrayOutputStream();
    var fromRight = new ByteArrayOutputStream();
    Pipe there = Pipe.open();
    Pipe back = Pipe.open();
    Thread peer =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try (InputStream in = Channels.newInputStream(there.source());
                      OutputStream out = tee(back.sink(), fromRight)) {
                    new Responder(Script.synced(right), Script.BOTH, in, out).run();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
    try (InputStream in = Channels.newInputStream(back.source());
        OutputStream out = tee(there.sink(), fromLeft);
        var initiator = new Initiator(Script.synced(left), Script.BOTH, new Random(1), in, out)) {
      initiator.run();
      peer.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return new Recording(fromLeft.toByteArray(), fromRight.toByteArray());
  }

  private static OutputStream tee(Pipe.SinkChannel sink, OutputStream copy) {
    return new FilterOutputStream(Channels.newOutputStream(sink)) {
      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
        copy.write(bytes, from, count);
      }
    };
  }
}
