package eris.server.http;

import eris.Reference;
import eris.server.blocks.BlockService;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers plain requests for blocks that are in memory, before anything is decoded. All others, and
/// what a client sends while one of those is under way, go on to the decoder as they came.
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the pipeline as well
final class HotBlocks extends ChannelInboundHandlerAdapter {
  private static final byte[] DATE = ascii("HTTP/1.1 200 OK\r\ndate: ");
  private static final byte[] LENGTH =
      ascii(
          "\r\ncontent-type: application/octet-stream\r\nx-content-type-options: nosniff"
              + "\r\ncache-control: public, immutable, max-age=31536000\r\ncontent-length: ");
  private static final byte[] TAG = ascii("\r\netag: \"");
  private static final byte[] END = ascii("\"\r\n\r\n");
  private static final int MOST_HEAD_BYTES = 320;
  private static final int COPIED_BYTES = 1024;

  private final Door door;
  private final BlockService blocks;
  private final StrictDecoder decoder;
  private final Connection connection;
  private final PlainGet request; // of the event loop
  private AsciiString knownHost = AsciiString.EMPTY_STRING; // that routes let pass
  private @Nullable Routes routes;

  HotBlocks(
      Door door,
      BlockService blocks,
      StrictDecoder decoder,
      Connection connection,
      PlainGet request) {
    this.door = door;
    this.blocks = blocks;
    this.decoder = decoder;
    this.connection = connection;
    this.request = request;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    while (in.isReadable() && isFree(ctx) && request.read(in) && isWelcome() && answer(ctx)) {
      in.skipBytes(request.length());
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
    if (!present.welcomes(connection.localAddress(), host.toString())) {
      return false;
    }
    routes = present;
    knownHost = host;
    return true;
  }

  private boolean answer(ChannelHandlerContext ctx) {
    Reference reference = request.reference();
    Optional<ByteBuf> cached = blocks.cached(reference);
    if (cached.isEmpty()) {
      return false;
    }
    ByteBuf block = cached.get();
    int size = block.readableBytes();
    boolean copied = size <= COPIED_BYTES;
    ByteBuf out = ctx.alloc().ioBuffer(MOST_HEAD_BYTES + (copied ? size : 0));
    out.writeBytes(DATE).writeBytes(door.clock().bytes()).writeBytes(LENGTH);
    writeNumber(out, size);
    out.writeBytes(TAG);
    request.writeReference(out);
    out.writeBytes(END);
    if (copied) { // one buffer is sooner sent than two
      out.writeBytes(block);
      block.release();
      ctx.write(out, ctx.voidPromise());
    } else {
      ctx.write(out, ctx.voidPromise());
      ctx.write(block, ctx.voidPromise());
    }
    return true;
  }

  private static void writeNumber(ByteBuf out, int number) {
    if (number >= 10) {
      writeNumber(out, number / 10);
    }
    out.writeByte('0' + number % 10);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
