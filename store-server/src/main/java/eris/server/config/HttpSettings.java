package eris.server.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// How the door for HTTP is.
///
/// @param address to listen at; port 0 is any that is free
/// @param listener the descriptor of a socket that is listening there already, if there is one
/// @param put whether blocks are taken
/// @param content who gets it decoded
/// @param console whether there is a page for people
/// @param hosts besides those of loopback addresses, that requests from this machine may name
/// @param eventLoops threads that speak to clients
/// @param tls how it listens for TLS as well, if it does
public record HttpSettings(
    InetSocketAddress address,
    Optional<Integer> listener,
    Put put,
    Content content,
    Console console,
    Set<String> hosts,
    int eventLoops,
    HttpLimits limits,
    Optional<TlsSettings> tls) {
  /// Whether blocks are taken.
  public enum Put {
    /// From this machine, and from others with a token.
    ON,
    /// With a token alone: for a daemon behind a proxy, whose clients seem to be at this machine.
    TOKEN,
    OFF;

    /// Only from this machine, unless somebody says otherwise.
    public static Put defaultAt(InetSocketAddress address) {
      return address.getAddress().isLoopbackAddress() ? ON : OFF;
    }
  }

  /// Who gets content decoded. They trust the daemon with capabilities, and the way to it with content.
  public enum Content {
    OFF,
    /// Who asks from this machine.
    ON,
    /// Whoever asks.
    PUBLIC
  }

  /// Whether there is a page for people.
  public enum Console {
    ON,
    OFF
  }

  /// What one client, and all together, may ask for.
  ///
  /// @param connections at a time
  /// @param bodyBytes of requests that are held in memory at a time, for all connections
  /// @param requestHead how long the first line and the headers may take to come
  /// @param body how long a block may take to come, an answer to be taken, or a stream to stand still
  /// @param idle how long a connection may wait for its next request, and for its headers
  public record HttpLimits(
      int connections,
      int bodyBytes,
      Duration requestHead,
      Duration body,
      Duration idle,
      StreamLimits streams) {
    public static final HttpLimits DEFAULT =
        new HttpLimits(
            16_384,
            64 << 20,
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(25));

    /// With the usual streams.
    public HttpLimits(
        int connections, int bodyBytes, Duration requestHead, Duration body, Duration idle) {
      this(connections, bodyBytes, requestHead, body, idle, StreamLimits.DEFAULT);
    }
  }

  /// How many streams of blocks there may be at a time, and how long they may stand still.
  ///
  /// @param most for those who are known; strangers have half of it
  /// @param batchSilence how long a peer may keep a request of many blocks waiting
  /// @param syncSilence how long it may keep a session waiting, in which it may have to look through
  ///     its store
  public record StreamLimits(int most, Duration batchSilence, Duration syncSilence) {
    public static final StreamLimits DEFAULT =
        new StreamLimits(16, Duration.ofSeconds(20), Duration.ofMinutes(2));
  }

  /// Without content and TLS.
  public HttpSettings(
      InetSocketAddress address,
      Put put,
      Console console,
      Set<String> hosts,
      int eventLoops,
      HttpLimits limits) {
    this(
        address,
        Optional.empty(),
        put,
        Content.OFF,
        console,
        hosts,
        eventLoops,
        limits,
        Optional.empty());
  }

  /// Without a page, content and TLS.
  public HttpSettings(
      InetSocketAddress address, Put put, Set<String> hosts, int eventLoops, HttpLimits limits) {
    this(address, put, Console.OFF, hosts, eventLoops, limits);
  }

  public HttpSettings {
    hosts = Set.copyOf(hosts);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("an address that is not known");
    }
  }

  /// Whether who asks from this machine needs no token.
  public boolean trustsThisMachine() {
    return put != Put.TOKEN;
  }

  /// What is good for most at an address.
  public static HttpSettings at(InetSocketAddress address) {
    return new HttpSettings(
        address,
        Put.defaultAt(address),
        Set.of(),
        Runtime.getRuntime().availableProcessors(),
        HttpLimits.DEFAULT);
  }
}
