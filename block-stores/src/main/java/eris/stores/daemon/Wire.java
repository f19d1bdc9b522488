package eris.stores.daemon;

import eris.stores.HttpStore;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// A connection whose reads and writes fail when the other side keeps them waiting too long. One
/// thread reads or writes at a time.
final class Wire implements Closeable {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final long IDLE = 0;

  private final String peer;
  private final Duration patience;
  private final Closeable connection;
  private final InputStream in;
  private final OutputStream out;
  private volatile long busySince = IDLE;
  private volatile boolean late;
  private volatile boolean closed;

  private Wire(
      String peer, Duration patience, Closeable connection, InputStream in, OutputStream out) {
    this.peer = peer;
    this.patience = patience;
    this.connection = connection;
    this.in = new BufferedInputStream(new Watched(in), 1 << 16);
    this.out = new WatchedOutput(out);
    Thread.ofVirtual().start(this::watch);
  }

  /// Connects to a socket in the file system.
  static Wire to(Path socket, String peer, Duration patience) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    return new Wire(
        peer,
        patience,
        channel,
        Channels.newInputStream(channel),
        Channels.newOutputStream(channel));
  }

  /// Connects to a server, by TLS if its URL says so.
  static Wire to(URI server, String peer, Duration patience) throws IOException {
    var socket = new Socket();
    try {
      int connectMillis = (int) HttpStore.Limits.DEFAULT.connect().toMillis();
      socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), connectMillis);
      socket.setTcpNoDelay(true);
      if (!server.getScheme().equalsIgnoreCase("https")) {
        return new Wire(peer, patience, socket, socket.getInputStream(), socket.getOutputStream());
      }
      SSLSocket secure = secured(socket, server, connectMillis);
      return new Wire(peer, patience, socket, secure.getInputStream(), secure.getOutputStream());
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw connectFailure(e, peer);
    }
  }

  private static IOException connectFailure(Exception e, String peer) {
    return switch (e) {
      case SocketTimeoutException _ ->
          new IOException("no connection to %s in time".formatted(peer), e);
      case ConnectException _ -> new IOException("cannot connect to " + peer, e);
      case javax.net.ssl.SSLException _ -> new IOException("no secure connection to " + peer, e);
      default -> new IOException("cannot connect to " + peer, e);
    };
  }

  private static SSLSocket secured(Socket socket, URI server, int millis) throws IOException {
    var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var secure = (SSLSocket) factory.createSocket(socket, server.getHost(), server.getPort(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    secure.setSSLParameters(parameters);
    socket.setSoTimeout(millis);
    secure.startHandshake();
    socket.setSoTimeout(0);
    return secure;
  }

  InputStream in() {
    return in;
  }

  /// Not buffered.
  OutputStream out() {
    return out;
  }

  /// Closes the connection under a thread that has waited too long.
  private void watch() {
    try {
      while (!closed) {
        long since = busySince;
        if (since != IDLE && System.nanoTime() - since > patience.toNanos()) {
          late = true;
          close();
        }
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException | IOException _) {
      // Whoever waits learns of it by itself.
    }
  }

  private IOException failure(IOException e) {
    return late
        ? new IOException("no answer from %s within %d s".formatted(peer, patience.toSeconds()), e)
        : e;
  }

  private void begin() {
    long now = System.nanoTime();
    busySince = now == IDLE ? 1 : now;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    connection.close();
  }

  private final class Watched extends InputStream {
    private final InputStream channel;

    Watched(InputStream channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      begin();
      try {
        return channel.read(target, from, count);
      } catch (IOException e) {
        throw failure(e);
      } finally {
        busySince = IDLE;
      }
    }
  }

  private final class WatchedOutput extends OutputStream {
    private static final int MOST_BYTES = 1 << 16;

    private final OutputStream channel;

    WatchedOutput(OutputStream channel) {
      this.channel = channel;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      int end = from + count;
      for (int at = from; at < end; at += MOST_BYTES) {
        writePart(bytes, at, Math.min(MOST_BYTES, end - at));
      }
    }

    private void writePart(byte[] bytes, int from, int count) throws IOException {
      begin();
      try {
        channel.write(bytes, from, count);
      } catch (IOException e) {
        throw failure(e);
      } finally {
        busySince = IDLE;
      }
    }
  }
}
