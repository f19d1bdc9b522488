package eris.server.http;

import eris.server.blocks.BlockService;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Gives a connection what it needs to speak HTTP/1.1 or HTTP/2.
final class Pipelines {
  private static final int MOST_STREAMS = 128;

  private final Door door;
  private final BlockService blocks;
  private final FastThreadLocal<PlainGet> plainGets = new PlainGets();
  private final Map<EventLoop, ColdReads> coldReads = new ConcurrentHashMap<>();

  Pipelines(Door door, BlockService blocks) {
    this.door = door;
    this.blocks = blocks;
  }

  /// One for each event loop: a connection is done with it before another one is served.
  private static final class PlainGets extends FastThreadLocal<PlainGet> {
    @Override
    protected PlainGet initialValue() {
      return new PlainGet();
    }
  }

  /// Without TLS: HTTP/1.1, until it begins as HTTP/2 does.
  void addPlain(Channel channel) {
    channel.pipeline().addLast(new Http2Preface(this));
    addHttp1(channel);
  }

  /// With TLS, in which both sides agree on what they speak.
  void addTls(Channel channel, SslContext tls) {
    SslHandler handler = tls.newHandler(channel.alloc());
    handler.setHandshakeTimeoutMillis(door.limits().requestHead().toMillis());
    channel.pipeline().addLast(handler).addLast(new Negotiation());
  }

  private final class Negotiation extends ApplicationProtocolNegotiationHandler {
    Negotiation() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        addHttp2(ctx.channel());
      } else {
        addHttp1(ctx.channel());
      }
    }

    /// Who speaks no TLS, or a kind that is not spoken here, is no failure of ours.
    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
      var _ = ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      var _ = ctx.close();
    }
  }

  private void addHttp1(Channel channel) {
    var decoder = new StrictDecoder();
    var connection = new Connection(door);
    channel
        .pipeline()
        .addLast(
            new PlainBlocks(door, blocks, decoder, connection, plainGets.get(), coldReads(channel)))
        .addLast(decoder)
        .addLast(new HttpResponseEncoder())
        .addLast(connection);
  }

  private ColdReads coldReads(Channel channel) {
    return coldReads.computeIfAbsent(channel.eventLoop(), loop -> new ColdReads(loop, blocks));
  }

  /// Goes over from HTTP/1.1, of which nothing has come.
  void changeToHttp2(Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.remove(PlainBlocks.class);
    pipeline.remove(StrictDecoder.class);
    pipeline.remove(HttpResponseEncoder.class);
    pipeline.remove(Connection.class);
    addHttp2(channel);
  }

  private void addHttp2(Channel channel) {
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(MOST_STREAMS)
                    .maxHeaderListSize(StrictDecoder.MOST_HEADER_BYTES))
            .gracefulShutdownTimeoutMillis(0) // who breaks the protocol is not waited for
            .build();
    channel
        .pipeline()
        .addLast(codec)
        .addLast(new Http2MultiplexHandler(new Stream()))
        .addLast(new Http2Session(door, codec));
  }

  /// Each stream is a connection of one request.
  private final class Stream extends ChannelInitializer<Channel> {
    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    protected void initChannel(Channel stream) {
      stream
          .pipeline()
          .addLast(new Http2StreamFrameToHttpObjectCodec(true))
          .addLast(new Connection(door));
    }
  }
}
