package eris.server.http;

import eris.server.blocks.Trouble;
import eris.server.config.HttpSettings.HttpLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client's connection: takes its requests one after the other, so that answers come in the order
/// of the questions. What is sent ahead waits here, and no more is read than one read brings.
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the pipeline as well
final class Connection extends ChannelInboundHandlerAdapter implements Client {
  private static final Duration LINGER = Duration.ofSeconds(2);
  private static final Duration EVER = Duration.ofDays(365);
  private static final InetSocketAddress THIS_MACHINE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final Door door;
  private final HttpLimits limits;
  private final Queue<Object> waiting = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Exchange current; // from its head until its answer is sent and its body is here
  private @Nullable Body body;
  private boolean answered;
  private boolean bodyEnded;
  private boolean before; // a request is under way that has not come here
  private boolean inputEnded;
  private boolean closing; // after this answer
  private boolean lingering; // nothing more is read that counts
  private boolean taking;
  private boolean raw; // no more HTTP: what comes is for the body that is taken
  private int reserved; // bytes of the body that is taken
  private long deadline;

  Connection(Door door) {
    this.door = door;
    limits = door.limits();
  }

  InetSocketAddress localAddress() {
    return orThisMachine(context().channel().localAddress());
  }

  InetSocketAddress remoteAddress() {
    return orThisMachine(context().channel().remoteAddress());
  }

  /// Who comes through a socket in the file system is at this machine.
  private static InetSocketAddress orThisMachine(SocketAddress address) {
    return address instanceof InetSocketAddress internet ? internet : THIS_MACHINE;
  }

  /// Whether it came through the socket that is the owner's of the store alone.
  boolean isOwners() {
    return context().channel().localAddress() instanceof UnixDomainSocketAddress;
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    setDeadline(limits.requestHead());
    door.opened(this, ctx.channel());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    door.closed(this, ctx.channel());
    abortBody();
    releaseReserved();
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    if (current != null && current.isBegun() && !answered) {
      door.ended(current);
    }
  }

  /// Between two requests, and nothing of the next has come.
  @Override
  public boolean isIdle() {
    return current == null && waiting.isEmpty() && !before;
  }

  /// A request is under way that will be answered before it comes here, or comes later.
  void beginBefore() {
    before = true;
    setDeadline(limits.body());
  }

  /// What came until now was answered before it came here.
  void answeredBefore() {
    before = false;
    setDeadline(limits.idle());
  }

  @Override
  public void cutIfLate(long now) {
    if (now - deadline > 0) {
      context().close();
    }
  }

  private void setDeadline(Duration from) {
    deadline = System.nanoTime() + from.toNanos();
  }

  private void extendDeadline(Duration from) {
    long later = System.nanoTime() + from.toNanos();
    if (later - deadline > 0) {
      deadline = later;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (lingering) {
      ReferenceCountUtil.release(message);
    } else if (raw) {
      takeRaw(message);
    } else if (waiting.isEmpty() && mayTake(message)) {
      take(message);
    } else {
      waiting.add(message);
      ctx.channel().config().setAutoRead(false);
    }
  }

  /// The parts of a body are for the request under way; the next request waits until it is done, and
  /// until the client takes the answers it got.
  private boolean mayTake(Object message) {
    return message instanceof HttpRequest
        ? current == null && context().channel().isWritable()
        : true;
  }

  private void take(Object message) {
    try {
      if (message instanceof HttpRequest request) {
        takeHead(request);
      } else if (message instanceof HttpContent part) {
        takePart(part);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void takeHead(HttpRequest request) {
    var exchange = new Exchange(this, request);
    current = exchange;
    answered = false;
    bodyEnded = false;
    closing = !HttpUtil.isKeepAlive(request) || door.isClosing();
    setDeadline(limits.body());
    if (request.decoderResult().isFailure()) {
      bodyEnded = true; // the decoder passes on nothing more
      exchange.breakOff("this is not HTTP, or too long a line or header");
    } else {
      door.routes().handle(request, exchange);
    }
  }

  private void takePart(HttpContent part) {
    if (part.decoderResult().isFailure() && current != null) {
      bodyEnded = true;
      abortBody();
      current.breakOff("the body is not as HTTP wants it");
      return;
    }
    bodyEnded |= part instanceof LastHttpContent;
    door.received(part.content().readableBytes());
    Body taker = body;
    if (taker != null && taker.take(part)) {
      body = null;
    }
    if (isBodyFull()) {
      context().channel().config().setAutoRead(false);
    }
    endIfDone();
  }

  /// The end of the request that changed the protocol still comes as HTTP.
  private void takeRaw(Object message) {
    try {
      if (message instanceof ByteBuf bytes) {
        takePart(new DefaultHttpContent(bytes));
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  void collect(Exchange exchange, int mostBytes, Consumer<ByteBuf> whole) {
    HttpRequest request = exchange.request();
    long length = HttpUtil.getContentLength(request, mostBytes + 1L);
    boolean chunked = HttpUtil.isTransferEncodingChunked(request);
    if (!chunked && length > mostBytes) {
      tooLarge(exchange, mostBytes);
      return;
    }
    int room = chunked ? mostBytes : (int) length;
    if (!door.reserve(room)) {
      exchange.answer(Trouble.OVERLOADED);
      return;
    }
    reserved = room;
    body = new Collector(context().alloc(), room, whole, () -> tooLarge(exchange, mostBytes));
    askForBody(request);
  }

  private void askForBody(HttpRequest request) {
    if (HttpUtil.is100ContinueExpected(request)) {
      context()
          .writeAndFlush(
              new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void releaseReserved() {
    door.release(reserved);
    reserved = 0;
  }

  private static void tooLarge(Exchange exchange, int mostBytes) {
    exchange.refuse(
        HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "want %d bytes at most".formatted(mostBytes));
  }

  void closeAfterAnswer() {
    closing = true;
  }

  /// Sends an answer, on the event loop sooner or later.
  void answer(Exchange exchange, Answer answer) {
    if (context().executor().inEventLoop()) {
      send(exchange, answer);
      context().flush();
    } else {
      context()
          .executor()
          .execute(
              () -> {
                send(exchange, answer);
                context().flush();
              });
    }
  }

  private void send(Exchange exchange, Answer answer) {
    if (current != exchange || answered) {
      answer.body().release();
      return;
    }
    answered = true;
    exchange.begun(answer.status());
    door.began(exchange);
    releaseReserved();
    closing |= !bodyEnded && hasBody(exchange.request());
    HttpRequest request = exchange.request();
    boolean head = request.method().equals(HttpMethod.HEAD);
    int length = answer.body().readableBytes();
    exchange.sent(head ? 0 : length);
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            answer.status(),
            head ? context().alloc().buffer(0) : answer.body());
    if (head) {
      answer.body().release();
    }
    response.headers().set(answer.headers());
    door.clock().stamp(response.headers());
    if (answer.status().code() != HttpResponseStatus.NOT_MODIFIED.code()
        && !response.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
    }
    if (closing) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    door.ended(exchange);
    endAnswer(context().write(response));
  }

  private void endAnswer(ChannelFuture written) {
    if (closing) {
      abortBody();
      lingering = true;
      setDeadline(LINGER);
      written.addListener(_ -> shutdownOutput());
      current = null;
    } else {
      endIfDone();
    }
  }

  /// Passes the body on as it comes, for as long as it takes. Called on the event loop.
  void stream(Exchange exchange, Body taker) {
    body = taker;
    setDeadline(EVER);
    askForBody(exchange.request());
  }

  /// Begins an answer of parts, which [#send] sends and [#end] ends.
  void begin(Exchange exchange, HttpResponseStatus status, HttpHeaders headers) {
    onLoop(
        () -> {
          if (isDue(exchange)) {
            exchange.begun(status);
            door.began(exchange);
            var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
            response.headers().set(headers);
            door.clock().stamp(response.headers());
            HttpUtil.setTransferEncodingChunked(
                response, !headers.contains(HttpHeaderNames.CONTENT_LENGTH));
            HttpUtil.setKeepAlive(response, !closing);
            context().write(response);
          }
        });
  }

  private void onLoop(Runnable task) {
    try {
      context().executor().execute(task);
    } catch (RejectedExecutionException _) {
      // The daemon has ended, and with it the connection.
    }
  }

  private boolean isDue(Exchange exchange) {
    return current == exchange && !answered;
  }

  void send(Exchange exchange, ByteBuf part, ChannelFutureListener listener) {
    onLoop(
        () -> {
          if (isDue(exchange)) {
            exchange.sent(part.readableBytes());
            extendDeadline(limits.body());
            Object message = raw ? part : new DefaultHttpContent(part);
            context().writeAndFlush(message).addListener(listener);
          } else {
            part.release();
            context().newFailedFuture(new ClosedChannelException()).addListener(listener);
          }
        });
  }

  void end(Exchange exchange) {
    onLoop(
        () -> {
          if (isDue(exchange)) {
            answered = true;
            door.ended(exchange);
            closing |= raw || !bodyEnded || door.isClosing();
            endAnswer(
                context()
                    .writeAndFlush(
                        raw ? Unpooled.EMPTY_BUFFER : LastHttpContent.EMPTY_LAST_CONTENT));
          }
        });
  }

  /// Hangs up, if the exchange is not over.
  void cut(Exchange exchange) {
    onLoop(
        () -> {
          if (isDue(exchange)) {
            context().close();
          }
        });
  }

  /// Whether what it decodes is its own, and no stream among others.
  boolean canUpgrade() {
    return context().pipeline().get(StrictDecoder.class) != null;
  }

  /// Speaks HTTP no longer: what comes is for `taker`, what is sent goes out as it is. Called on the
  /// event loop.
  void upgrade(Exchange exchange, HttpHeaders headers, Body taker) {
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.SWITCHING_PROTOCOLS,
            Unpooled.EMPTY_BUFFER,
            headers,
            EmptyHttpHeaders.INSTANCE);
    door.clock().stamp(response.headers());
    exchange.begun(response.status());
    door.began(exchange);
    context().writeAndFlush(response);
    raw = true;
    bodyEnded = true;
    stream(exchange, taker);
    ChannelPipeline pipeline = context().pipeline();
    pipeline.remove(HttpResponseEncoder.class);
    pipeline.remove(PlainBlocks.class);
    pipeline.remove(StrictDecoder.class); // what it has not decoded comes here
  }

  private static boolean hasBody(HttpRequest request) {
    return HttpUtil.isTransferEncodingChunked(request)
        || HttpUtil.getContentLength(request, 0L) > 0;
  }

  /// Closing at once would reset a client that still sends, and what was answered would be lost.
  private void shutdownOutput() {
    Channel channel = context().channel();
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound();
    } else if (channel instanceof DuplexChannel socket) {
      socket.shutdownOutput();
    } else if (channel instanceof Http2StreamChannel && !bodyEnded) {
      context().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
    } else {
      context().close();
    }
    readOn();
  }

  /// The name in the certificate that the client has shown, if it has.
  Optional<String> certifiedName() {
    return ClientCertificate.name(context().channel());
  }

  private void endIfDone() {
    if (current != null && answered && bodyEnded) {
      current = null;
      setDeadline(limits.idle());
      takeWaiting();
    }
  }

  /// Closes when all is answered that a client asked who asks nothing more.
  private void closeIfOver() {
    boolean lacksBody = body != null && waiting.isEmpty(); // what is missing of it will not come
    if (inputEnded && (isIdle() || lacksBody)) {
      context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /// Takes what has become due. Answers that are there at once come back here: one loop is enough.
  private void takeWaiting() {
    if (taking) {
      return;
    }
    taking = true;
    for (Object next = waiting.peek();
        next != null && !lingering && mayTake(next);
        next = waiting.peek()) {
      waiting.remove();
      take(next);
    }
    taking = false;
    if (waiting.isEmpty() && !isBodyFull()) {
      readOn();
      closeIfOver();
    }
  }

  /// Lets more be read, which fails at the end.
  private void readOn() {
    if (!inputEnded) {
      context().channel().config().setAutoRead(true);
    }
  }

  private boolean isBodyFull() {
    return body != null && body.isFull();
  }

  /// Goes on reading what a full body did not take.
  void resume() {
    onLoop(this::takeWaiting);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      takeWaiting();
      ctx.flush();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      if (lingering) {
        ctx.close();
      } else {
        closeIfOver();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!isPeersDoing(cause)) {
      report(cause);
    }
    ctx.close();
  }

  /// A client that has gone, or does not keep to TLS or HTTP/2, is no failure of ours.
  private static boolean isPeersDoing(Throwable cause) {
    return cause instanceof IOException
        || cause instanceof Http2Exception
        || cause instanceof DecoderException;
  }

  void report(Exchange exchange, Trouble trouble) {
    door.report(exchange, trouble);
  }

  /// Tells the operator of a failure that the client is told nothing about.
  void report(Throwable failure) {
    door.report(failure);
  }

  private void abortBody() {
    if (body != null) {
      body.abort();
      body = null;
    }
  }
}
