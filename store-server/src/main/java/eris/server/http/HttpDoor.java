package eris.server.http;

import eris.server.access.Gate;
import eris.server.blocks.BlockService;
import eris.server.blocks.Trouble;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.ServerLog;
import eris.server.console.Console;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The door for HTTP/1.1: listens, and gives each connection its place on an event loop.
@SuppressWarnings("FutureReturnValueIgnored") // what is closed needs no looking after
public final class HttpDoor implements AutoCloseable {
  /// How much of its answers a client may leave with us before it is asked to take them.
  private static final WriteBufferWaterMark UNTAKEN = new WriteBufferWaterMark(64 << 10, 256 << 10);

  private final Console console;
  private final Streams streams = new Streams();
  private final Site site;
  private final ServerLog log;
  private final Transport transport = Transport.best();
  private final EventLoopGroup loops;
  private final List<Channel> listeners = new ArrayList<>();
  private final Pipelines pipelines;
  private final Map<EventLoop, Deadlines> deadlines = new ConcurrentHashMap<>();
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger bodyBytes = new AtomicInteger();
  private final View view = new View();
  private final DateHeader clock = new DateHeader();
  private volatile HttpSettings settings;
  private volatile Routes routes;
  private volatile Optional<SslContext> tls = Optional.empty();
  private volatile boolean closing;
  private Optional<OwnersSocket> owners = Optional.empty();

  /// Begins to listen.
  ///
  /// @throws IOException if an address cannot be had, or a file of TLS is no good
  public HttpDoor(HttpSettings settings, BlockService blocks, Gate gate, ServerLog log)
      throws IOException {
    this.settings = settings;
    this.log = log;
    console = new Console(blocks.store(), InstantSource.system());
    site = new Site(blocks, gate, console, streams, log, connections::get, () -> closing);
    routes = site.routes(settings);
    loops = transport.loops(settings.eventLoops());
    pipelines = new Pipelines(view, blocks);
    try {
      tls = tls(settings);
    } catch (IOException e) {
      close();
      throw e;
    }
    listeners.add(listen(settings.address(), new Initializer(pipelines::addPlain)));
    if (settings.tls().isPresent()) {
      listeners.add(listen(settings.tls().get().address(), new Initializer(this::addTls)));
    }
  }

  private static Optional<SslContext> tls(HttpSettings settings) throws IOException {
    return settings.tls().isPresent()
        ? Optional.of(TlsContext.of(settings.tls().get()))
        : Optional.empty();
  }

  private void addTls(Channel channel) {
    pipelines.addTls(channel, tls.orElseThrow());
  }

  /// Serves by other settings from the next request on, and with other certificates from the next
  /// connection on. Addresses and threads stay as they are.
  ///
  /// @throws IOException if a file of TLS is no good: then nothing has changed
  public void apply(HttpSettings other) throws IOException {
    if (tls.isPresent() && other.tls().isPresent()) {
      tls = tls(other);
    }
    settings = other;
    routes = site.routes(other);
  }

  private Channel listen(InetSocketAddress address, ChannelHandler initializer) throws IOException {
    var bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.listener())
            .option(ChannelOption.SO_BACKLOG, 4096)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNTAKEN)
            .childHandler(initializer);
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new IOException("cannot listen at " + address, bound.cause());
    }
    return bound.channel();
  }

  private final class Initializer extends ChannelInitializer<Channel> {
    private final Consumer<Channel> protocol;

    Initializer(Consumer<Channel> protocol) {
      this.protocol = protocol;
    }

    @Override
    protected void initChannel(Channel channel) {
      boolean fits = connections.incrementAndGet() <= settings.limits().connections();
      channel.closeFuture().addListener(_ -> connections.decrementAndGet());
      if (fits) {
        channels.add(channel);
        protocol.accept(channel);
      } else {
        channel.close();
      }
    }
  }

  /// Listens for the owner of the store as well, who may put and sync whatever others may.
  ///
  /// @param socket in a directory that is the owner's alone; nothing is there yet
  /// @throws IOException if that cannot be had
  public void listenForOwner(Path socket) throws IOException {
    owners = Optional.of(OwnersSocket.open(socket, new Initializer(pipelines::addPlain)));
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return (InetSocketAddress) listeners.getFirst().localAddress();
  }

  /// Where it listens for TLS, if it does.
  public Optional<InetSocketAddress> tlsAddress() {
    return listeners.stream()
        .skip(1)
        .map(listener -> (InetSocketAddress) listener.localAddress())
        .findFirst();
  }

  /// Streams and sessions that are under way.
  int openStreams() {
    return streams.count();
  }

  /// Takes no more connections, waits until the requests under way are answered, `patience` at most,
  /// and closes.
  public void close(Duration patience) {
    closing = true;
    console.close();
    owners.ifPresent(OwnersSocket::close);
    listeners.forEach(listener -> listener.close().awaitUninterruptibly());
    streams.close();
    long end = System.nanoTime() + patience.toNanos();
    channels.forEach(this::closeIfIdle);
    while (!channels.isEmpty() && System.nanoTime() < end) {
      pause();
      channels.forEach(this::closeIfIdle);
    }
    channels.close().awaitUninterruptibly(500, TimeUnit.MILLISECONDS);
    owners.ifPresent(OwnersSocket::shutdown);
    loops
        .shutdownGracefully(0, 500, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(500, TimeUnit.MILLISECONDS);
  }

  private void closeIfIdle(Channel channel) {
    channel
        .eventLoop()
        .execute(
            () -> {
              if (channel.pipeline().last() instanceof Client client && client.isIdle()) {
                channel.close();
              }
            });
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    close(Duration.ZERO);
  }

  private final class View implements Door {
    @Override
    public Routes routes() {
      return routes;
    }

    @Override
    public HttpLimits limits() {
      return settings.limits();
    }

    @Override
    public DateHeader clock() {
      return clock;
    }

    @Override
    public boolean isClosing() {
      return closing;
    }

    @Override
    public boolean reserve(int bytes) {
      boolean fits = bodyBytes.addAndGet(bytes) <= settings.limits().bodyBytes();
      if (!fits) {
        release(bytes);
      }
      return fits;
    }

    @Override
    public void release(int bytes) {
      bodyBytes.addAndGet(-bytes);
    }

    @Override
    public void opened(Client client, Channel channel) {
      deadlines.computeIfAbsent(channel.eventLoop(), Deadlines::new).add(client);
    }

    @Override
    public void closed(Client client, Channel channel) {
      deadlines.computeIfAbsent(channel.eventLoop(), Deadlines::new).remove(client);
    }

    @Override
    public void answered(Exchange exchange) {
      if (!exchange.isFor(N2rResource.PATH)) {
        return;
      }
      if (exchange.method().equals(HttpMethod.PUT)) {
        console.traffic().put(exchange.ageNanos());
      } else {
        console.traffic().get(exchange.ageNanos());
      }
    }

    @Override
    public void answeredGet(long startNanos) {
      console.traffic().get(System.nanoTime() - startNanos);
    }

    @Override
    public void report(Exchange exchange, Trouble trouble) {
      if (trouble.isOurs()) {
        console.incidents().add(exchange.method().name(), trouble.text());
      }
    }

    @Override
    public void report(Throwable failure) {
      log.failure("request-failed", failure);
      console.incidents().add("request failed", failure.getClass().getSimpleName());
    }
  }
}
