package eris.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import eris.BlockSize;
import eris.ErisException.MalformedReference;
import eris.Reference;
import eris.store.BlockStore;
import eris.stores.Right;
import eris.stores.StoreUrl;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 server that gives and takes blocks by N2R (EER http), misbehaves when told to, and
/// counts. On the loopback interface, a virtual thread per connection.
public final class BlockServer implements AutoCloseable {
  private static final String PATH = "/uri-res/N2R?";
  private static final String LENGTH = "Content-Length:";
  private static final int MAX_BODY_BYTES = 1 << 16;
  private static final int SEND_BUFFER_BYTES = 16 * 1024; // so that what was sent was nearly read

  private final ServerSocket listener;
  private final BlockStore store;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch end = new CountDownLatch(1);

  // guarded by this
  private @Nullable Misbehaviour misbehaviour;
  private long misbehaviours;
  private int gathering;
  private int waiting;
  private int mostWaiting;
  private long connections;
  private long requests;
  private long bytesSent;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Request(String line, byte[] body) {
    boolean isHead() {
      return line.startsWith("HEAD");
    }
  }

  private BlockServer(ServerSocket listener, BlockStore store) {
    this.listener = listener;
    this.store = store;
  }

  /// Starts a server for the blocks of `store` on a free port.
  public static BlockServer of(BlockStore store) throws IOException {
    var server = new BlockServer(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()), store);
    Thread.ofVirtual().name("block-server").start(server::accept);
    return server;
  }

  public StoreUrl.Http url() {
    return new StoreUrl.Http(
        URI.create("http://127.0.0.1:" + listener.getLocalPort()), Set.of(Right.GET, Right.PUT));
  }

  /// From now on answers every request in this way.
  public void misbehave(Misbehaviour how) {
    misbehave(how, Long.MAX_VALUE);
  }

  /// Answers the next requests, `times` of them, in this way.
  public synchronized void misbehave(Misbehaviour how, long times) {
    misbehaviour = how;
    misbehaviours = times;
  }

  /// From now on holds answers back until `count` requests wait for one at the same time.
  public synchronized void gather(int count) {
    gathering = count;
  }

  /// Returns once `count` requests have arrived.
  public synchronized void awaitRequests(long count) throws InterruptedException {
    while (requests < count) {
      wait();
    }
  }

  public synchronized long connections() {
    return connections;
  }

  public synchronized long requests() {
    return requests;
  }

  /// The most requests that waited for an answer at the same time.
  public synchronized int mostWaiting() {
    return mostWaiting;
  }

  /// The bytes handed to the operating system so far, headers included.
  public synchronized long bytesSent() {
    return bytesSent;
  }

  /// Ends all connections.
  @Override
  public void close() throws IOException {
    end.countDown();
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual().name("block-server-connection").start(() -> serve(socket));
      }
    } catch (IOException e) {
      end.countDown(); // closed
    }
  }

  private void serve(Socket socket) {
    synchronized (this) {
      connections++;
    }
    try (socket) {
      socket.setSendBufferSize(SEND_BUFFER_BYTES);
      var in = new BufferedInputStream(socket.getInputStream());
      var out = new BufferedOutputStream(new Counted(socket.getOutputStream()));
      boolean more = true;
      while (more) {
        Optional<Request> request = readRequest(in);
        more = request.isPresent() && answer(request.get(), out);
        out.flush();
      }
    } catch (IOException e) {
      // The client hung up: what a misbehaving server must expect.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  /// The next request, or empty at the end of the connection.
  private static Optional<Request> readRequest(InputStream in) throws IOException {
    String first = readLine(in);
    int bodyBytes = 0;
    for (String line = first; !line.isEmpty(); line = readLine(in)) {
      if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
        bodyBytes = Integer.parseInt(line.substring(LENGTH.length()).strip());
      }
    }
    byte[] body = in.readNBytes(Math.min(bodyBytes, MAX_BODY_BYTES));
    return first.isEmpty() ? Optional.empty() : Optional.of(new Request(first, body));
  }

  private static String readLine(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  /// @return whether the connection goes on
  private boolean answer(Request request, OutputStream out)
      throws IOException, InterruptedException {
    Optional<Misbehaviour> how = arrive();
    Optional<byte[]> block = lookUp(request.line());
    leave();
    if (how.isPresent()) {
      how.get().answer(block.orElse(new byte[BlockSize.KIB_1.bytes()]), out, end);
      return false;
    }
    if (request.line().startsWith("PUT")) {
      take(request, out);
      return true;
    }
    if (block.isEmpty()) {
      Misbehaviour.head(out, "404 Not Found", "Content-Length: 9");
      out.write((request.isHead() ? "" : "not found").getBytes(US_ASCII));
      return true;
    }
    Misbehaviour.head(out, "200 OK", "Content-Length: " + block.get().length);
    out.write(request.isHead() ? new byte[0] : block.get());
    return true;
  }

  private synchronized Optional<Misbehaviour> arrive() throws InterruptedException {
    requests++;
    waiting++;
    mostWaiting = Math.max(mostWaiting, waiting);
    notifyAll();
    while (mostWaiting < gathering) {
      wait();
    }
    return misbehaviours-- > 0 ? Optional.ofNullable(misbehaviour) : Optional.empty();
  }

  private synchronized void leave() {
    waiting--;
  }

  /// Takes a block that hashes to the reference in the query, and says so as nim-eris does.
  private void take(Request request, OutputStream out) throws IOException {
    MemorySegment block = MemorySegment.ofArray(request.body());
    Optional<Reference> reference = reference(request.line());
    if (BlockSize.ofBytes(block.byteSize()).isEmpty()
        || !reference.equals(Optional.of(Reference.of(block)))) {
      Misbehaviour.head(out, "400 Bad Request", "Content-Length: 0");
      return;
    }
    store.put(reference.get(), block);
    String location = "Content-Location: %s%s".formatted(PATH, reference.get().toUrn());
    Misbehaviour.head(out, "200 OK", location + "\r\nContent-Length: 0");
  }

  private Optional<byte[]> lookUp(String request) throws IOException {
    Optional<Reference> reference = reference(request);
    if (reference.isEmpty()) {
      return Optional.empty();
    }
    MemorySegment buffer = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    return store.get(reference.get(), buffer).map(block -> block.toArray(ValueLayout.JAVA_BYTE));
  }

  private static Optional<Reference> reference(String request) {
    String[] words = request.split(" ", -1);
    if (words.length != 3 || !words[1].startsWith(PATH)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Reference.parse(words[1].substring(PATH.length())));
    } catch (MalformedReference e) {
      return Optional.empty();
    }
  }

  private final class Counted extends OutputStream {
    private final OutputStream out;

    Counted(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      out.write(bytes, offset, count);
      synchronized (BlockServer.this) {
        bytesSent += count;
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
