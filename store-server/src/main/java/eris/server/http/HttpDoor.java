package eris.server.http;

import eris.Reference;
import eris.server.access.Gate;
import eris.server.blocks.BlockService;
import eris.server.blocks.Protocol;
import eris.server.blocks.RequestCounts;
import eris.server.blocks.RequestCounts.Method;
import eris.server.blocks.Trouble;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.ServerLog;
import eris.server.console.Console;
import eris.server.metrics.Metrics;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.EventExecutor;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The door for HTTP/1.1: listens, and gives each connection its place on an event loop.
@SuppressWarnings("FutureReturnValueIgnored") // what is closed needs no looking after
public final class HttpDoor implements AutoCloseable {
  /// How much of its answers a client may leave with us before it is asked to take them.
  private static final WriteBufferWaterMark UNTAKEN = new WriteBufferWaterMark(64 << 10, 256 << 10);

  private final BlockService blocks;
  private final RequestCounts requests;
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
    this.blocks = blocks;
    requests = blocks.counts().requests(Protocol.HTTP);
    console = new Console(blocks.store(), InstantSource.system());
    var metrics = new Metrics(blocks, new Figures());
    site = new Site(blocks, gate, console, streams, log, metrics, () -> closing);
    routes = site.routes(settings);
    loops = transport.loops(settings.eventLoops());
    pipelines = new Pipelines(view, blocks);
    try {
      tls = tls(settings);
    } catch (IOException e) {
      close();
      throw e;
    }
    listeners.add(listen());
    if (settings.tls().isPresent()) {
      listeners.add(
          listen(bootstrap(new Initializer(this::addTls)), settings.tls().get().address()));
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

  private Channel listen() throws IOException {
    ServerBootstrap bootstrap = bootstrap(new Initializer(pipelines::addPlain));
    Optional<Integer> descriptor = settings.listener();
    if (descriptor.isEmpty()) {
      return listen(bootstrap, settings.address());
    }
    ServerChannel adopted = transport.adopt(descriptor.get());
    return bound(bootstrap.channelFactory(() -> adopted).register(), settings.address());
  }

  private Channel listen(ServerBootstrap bootstrap, InetSocketAddress address) throws IOException {
    return bound(bootstrap.channel(transport.listener()).bind(address), address);
  }

  private ServerBootstrap bootstrap(ChannelHandler initializer) {
    return new ServerBootstrap()
        .group(loops)
        .option(ChannelOption.SO_BACKLOG, 4096)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNTAKEN)
        .childHandler(initializer);
  }

  private Channel bound(ChannelFuture binding, InetSocketAddress address) throws IOException {
    if (!binding.awaitUninterruptibly().isSuccess()) {
      close();
      throw new IOException("cannot listen at " + address, binding.cause());
    }
    return binding.channel();
  }

  /// Where a socket listens that somebody else has opened.
  ///
  /// @throws IOException if it does not
  public static InetSocketAddress addressOf(int descriptor) throws IOException {
    return (InetSocketAddress) Transport.best().adopt(descriptor).localAddress();
  }

  /// Whether all event loops turn: each does something within `patience`.
  public boolean isAlive(Duration patience) {
    List<EventExecutor> all = new ArrayList<>();
    loops.forEach(all::add);
    var turns = new CountDownLatch(all.size());
    all.forEach(loop -> loop.execute(turns::countDown));
    try {
      return turns.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
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

  private final class Figures implements Metrics.Http {
    @Override
    public int connections() {
      return connections.get();
    }

    @Override
    public int bodyBytes() {
      return bodyBytes.get();
    }

    @Override
    public int streams() {
      return streams.count();
    }
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
    public void received(int bytes) {
      requests.received(bytes);
    }

    @Override
    public void began(Exchange exchange) {
      long nanos = exchange.ageNanos();
      requests.answered(exchange.countedAs(), exchange.status().code() / 100, nanos);
      if (!exchange.isFor(N2rResource.PATH)) {
        return;
      }
      if (exchange.method().equals(HttpMethod.PUT)) {
        console.traffic().put(nanos);
      } else {
        console.traffic().get(nanos);
      }
    }

    @Override
    public void ended(Exchange exchange) {
      requests.sent(exchange.sentBytes());
      if (blocks.requests().isOn()) {
        blocks.requests().add(RequestLine.of(exchange, routes));
      }
    }

    @Override
    public void answeredGet(
        Connection connection, Reference reference, long startNanos, int bytes) {
      long nanos = System.nanoTime() - startNanos;
      requests.answered(Method.GET, 2, nanos);
      requests.sent(bytes);
      console.traffic().get(nanos);
      if (blocks.requests().isOn()) {
        blocks.requests().add(RequestLine.of(connection, reference, bytes, nanos));
      }
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
