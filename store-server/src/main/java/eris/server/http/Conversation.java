package eris.server.http;

import eris.server.config.HttpSettings.StreamLimits;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.time.Duration;

/// What becomes of one request whose body or answer may be longer than memory: read and written bit
/// by bit, on a thread that may block.
final class Conversation {
  private final Exchange exchange;
  private final Work work;
  private final Incoming in;
  private final Outgoing out;

  /// Reads and writes.
  @FunctionalInterface
  interface Work {
    /// @throws IOException if there is nothing left to say
    void run(Incoming in, Outgoing out) throws IOException;
  }

  private Conversation(Exchange exchange, Outgoing.Channel channel, Duration silence, Work work) {
    this.exchange = exchange;
    this.work = work;
    in = new Incoming(exchange::resume, silence);
    out = new Outgoing(channel, PooledByteBufAllocator.DEFAULT, silence);
  }

  /// Takes the body of a request as it comes. Called on the event loop.
  ///
  /// @param channel for the answer
  static void begin(
      Exchange exchange,
      Streams streams,
      Streams.Caller caller,
      StreamLimits limits,
      Outgoing.Channel channel,
      Work work) {
    var conversation = new Conversation(exchange, channel, limits.batchSilence(), work);
    if (conversation.start(streams, caller, limits)) {
      exchange.stream(conversation.in);
    }
  }

  /// Changes to another protocol, in which both sides speak as they like. Called on the event loop.
  static void upgrade(
      Exchange exchange, Streams streams, StreamLimits limits, HttpHeaders headers, Work work) {
    var conversation = new Conversation(exchange, exchange::send, limits.syncSilence(), work);
    if (conversation.start(streams, Streams.Caller.KNOWN, limits)) {
      exchange.upgrade(headers, conversation.in);
    }
  }

  private boolean start(Streams streams, Streams.Caller caller, StreamLimits limits) {
    boolean started = streams.execute(caller, limits, in, this::run);
    if (!started) {
      out.close();
      exchange.refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many streams, try again");
    }
    return started;
  }

  private void run() {
    try (out) {
      work.run(in, out);
      out.flush();
      exchange.end();
    } catch (IOException e) {
      exchange.cut();
    } catch (RuntimeException | OutOfMemoryError e) {
      exchange.failed(e);
      exchange.cut();
    }
  }
}
