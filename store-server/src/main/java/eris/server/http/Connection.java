package eris.server.http;

import eris.server.blocks.Trouble;
import eris.server.config.HttpSettings.HttpLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
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

  private final Door door;
  private final HttpLimits limits;
  private final Responses responses;
  private final Deadline deadline = new Deadline();
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

  Connection(Door door) {
    this.door = door;
    limits = door.limits();
    responses = new Responses(door.clock());
  }

  /// Who has connected.
  Peer peer() {
    return new Peer(context());
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    deadline.set(limits.requestHead());
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
    deadline.set(limits.body());
  }

  /// What came until now was answered before it came here.
  void answeredBefore() {
    before = false;
    deadline.set(limits.idle());
  }

  @Override
  public void cutIfLate(long now) {
    if (deadline.isOver(now)) {
      context().close();
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
    deadline.set(limits.body());
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
      context().writeAndFlush(Responses.goOn());
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
    boolean isHead = request.method().equals(HttpMethod.HEAD);
    exchange.sent(isHead ? 0 : answer.body().readableBytes());
    HttpResponse response = responses.whole(request, answer, closing);
    door.ended(exchange);
    endAnswer(context().write(response));
  }

  private void endAnswer(ChannelFuture written) {
    if (closing) {
      abortBody();
      lingering = true;
      deadline.set(LINGER);
      written.addListener(
          _ -> {
            peer().shutdownOutput(!bodyEnded);
            readOn();
          });
      current = null;
    } else {
      endIfDone();
    }
  }

  /// Passes the body on as it comes, for as long as it takes. Called on the event loop.
  void stream(Exchange exchange, Body taker) {
    body = taker;
    deadline.set(EVER);
    askForBody(exchange.request());
  }

  /// Begins an answer of parts, which [#send] sends and [#end] ends.
  void begin(Exchange exchange, HttpResponseStatus status, HttpHeaders headers) {
    onLoop(
        () -> {
          if (isDue(exchange)) {
            exchange.begun(status);
            door.began(exchange);
            context().write(responses.begun(status, headers, closing));
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
            deadline.extend(limits.body());
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
    HttpResponse response = responses.switching(headers);
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

  private void endIfDone() {
    if (current != null && answered && bodyEnded) {
      current = null;
      deadline.set(limits.idle());
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
