package eris.server.http;

import eris.Reference;
import eris.server.blocks.BlockService;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.AsciiString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Answers plain requests for blocks before anything is decoded: at once what is in memory, and what
/// the store has when [ColdReads] has looked it up. All others go on to the decoder as they came, and so
/// do those that could not be answered, and what a client sends while one of them is under way.
final class PlainBlocks extends ChannelInboundHandlerAdapter implements ColdReads.Asker {
  private final Door door;
  private final BlockService blocks;
  private final StrictDecoder decoder;
  private final Connection connection;
  private final PlainGet request; // of the event loop
  private final ColdReads coldReads; // of the event loop
  private final List<Reference> asked = new ArrayList<>(ColdReads.MOST_TOGETHER);
  private final int[] lengths = new int[ColdReads.MOST_TOGETHER]; // of the requests that asked
  private final Queue<ByteBuf> later = new ArrayDeque<>();
  private AsciiString knownHost = AsciiString.EMPTY_STRING; // that routes let pass
  private @Nullable Routes routes;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf held; // begins with the requests that asked
  private @Nullable Object endOfInput; // came while requests were held
  private long startNanos;

  PlainBlocks(
      Door door,
      BlockService blocks,
      StrictDecoder decoder,
      Connection connection,
      PlainGet request,
      ColdReads coldReads) {
    this.door = door;
    this.blocks = blocks;
    this.decoder = decoder;
    this.connection = connection;
    this.request = request;
    this.coldReads = coldReads;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    context = null;
    later.forEach(ByteBuf::release);
    later.clear();
    if (held != null) {
      held.release();
      held = null;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (held == null) {
      take(ctx, (ByteBuf) message);
    } else {
      later.add((ByteBuf) message);
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (held != null && event instanceof ChannelInputShutdownEvent) {
      endOfInput = event;
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  private void take(ChannelHandlerContext ctx, ByteBuf in) {
    startNanos = System.nanoTime();
    while (in.isReadable() && isFree(ctx) && request.read(in, in.readerIndex()) && isWelcome()) {
      Reference reference = request.reference();
      Optional<ByteBuf> cached = blocks.cached(reference);
      if (cached.isEmpty()) {
        lookUp(in);
        return;
      }
      answer(ctx, in, request.length(), reference, cached.get());
    }
    if (in.isReadable()) {
      ctx.fireChannelRead(in);
    } else {
      in.release();
      connection.answeredBefore();
    }
  }

  /// Whether there is nothing that must be answered before, and the client takes its answers.
  private boolean isFree(ChannelHandlerContext ctx) {
    return connection.isIdle()
        && decoder.isEmpty()
        && ctx.channel().isWritable()
        && !door.isClosing();
  }

  private boolean isWelcome() {
    if (routes == door.routes() && request.isFor(knownHost)) {
      return true;
    }
    Routes present = door.routes();
    AsciiString host = request.host();
    if (!present.welcomes(connection.peer().localAddress(), host.toString())) {
      return false;
    }
    routes = present;
    knownHost = host;
    return true;
  }

  /// Has the block looked up that was just asked for, and those that are asked for next to it.
  private void lookUp(ByteBuf in) {
    held = in;
    asked.clear();
    int at = in.readerIndex();
    do {
      lengths[asked.size()] = request.length();
      asked.add(request.reference());
      at += request.length();
    } while (asked.size() < lengths.length && request.read(in, at) && isWelcome());
    connection.beginBefore();
    coldReads.add(this);
  }

  @Override
  public List<Reference> asked() {
    return asked;
  }

  @Override
  public void found(List<Optional<ByteBuf>> found) {
    ChannelHandlerContext ctx = context;
    ByteBuf in = held;
    if (ctx == null || in == null) { // the client has gone
      found.forEach(block -> block.ifPresent(ByteBuf::release));
      return;
    }
    held = null;
    boolean all = answerFirst(ctx, in, found);
    connection.answeredBefore();
    if (all) {
      take(ctx, in);
    } else {
      ctx.fireChannelRead(in);
    }
    takeLater(ctx);
    ctx.flush();
    if (held == null && endOfInput != null) {
      ctx.fireUserEventTriggered(endOfInput);
    }
  }

  /// Answers up to the first that was not found.
  private boolean answerFirst(
      ChannelHandlerContext ctx, ByteBuf in, List<Optional<ByteBuf>> found) {
    boolean all = true;
    for (int i = 0; i < found.size(); i++) {
      Optional<ByteBuf> block = found.get(i);
      all &= block.isPresent();
      if (all) {
        answer(ctx, in, lengths[i], asked.get(i), block.orElseThrow());
      } else {
        block.ifPresent(ByteBuf::release);
      }
    }
    return all;
  }

  private void takeLater(ChannelHandlerContext ctx) {
    while (held == null && !later.isEmpty()) {
      take(ctx, later.remove());
    }
    if (held == null && endOfInput == null && connection.isIdle()) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  /// Answers the request at the beginning of `in`, and takes it away.
  private void answer(
      ChannelHandlerContext ctx, ByteBuf in, int length, Reference reference, ByteBuf block) {
    int bytes = block.readableBytes();
    PlainAnswer.write(ctx, door.clock(), in, block);
    in.skipBytes(length);
    door.answeredGet(connection, reference, startNanos, bytes);
  }
}
