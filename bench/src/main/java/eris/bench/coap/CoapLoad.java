package eris.bench.coap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Asks a server for one block of 1 KiB, again and again, and tells how many answers it gave for a
/// second of its CPU time: `CoapLoad PORT PID SECONDS CLIENTS REQUESTS_PER_PORT PATH [QUERY]`.
///
/// Each client has one request on its way. After so many requests it goes on from a fresh port, so
/// that no message ID comes twice.
public final class CoapLoad {
  private static final int ANSWER_BYTES = 1024;
  private static final int CONTENT = 0x45;
  private static final int LOST_MILLIS = 200;
  private static final long TICKS_PER_SECOND = 100;

  private final InetSocketAddress server;
  private final byte[] options;
  private final int requestsPerPort;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
  private long answers;

  private static final class Client {
    private int id;
    private int sent;
  }

  private CoapLoad(int port, int requestsPerPort, byte[] options) throws IOException {
    server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.requestsPerPort = requestsPerPort;
    this.options = options;
    selector = Selector.open();
  }

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    long pid = Long.parseLong(args[1]);
    long seconds = Long.parseLong(args[2]);
    byte[] options = options(args[5], args.length > 6 ? args[6] : "");
    var load = new CoapLoad(port, Integer.parseInt(args[4]), options);
    load.start(Integer.parseInt(args[3]));
    load.run(2); // until it is warm
    long cpu = cpuTicks(pid);
    long before = load.answers;
    long start = System.nanoTime();
    load.run(seconds);
    double cpuSeconds = (cpuTicks(pid) - cpu) / (double) TICKS_PER_SECOND;
    double wallSeconds = (System.nanoTime() - start) / 1e9;
    long count = load.answers - before;
    System.out.printf(
        "%.0f %.0f%n", count / cpuSeconds, count / wallSeconds); // per CPU second, per second
  }

  /// Uri-Path and Uri-Query, for paths and queries of up to 268 characters.
  private static byte[] options(String path, String query) {
    ByteBuffer target = ByteBuffer.allocate(1024);
    int before = 0;
    for (String segment : path.split("/", -1)) {
      before = add(target, before, 11, segment);
    }
    if (!query.isEmpty()) {
      add(target, before, 15, query);
    }
    byte[] options = new byte[target.position()];
    target.flip().get(options);
    return options;
  }

  private static int add(ByteBuffer target, int before, int number, String text) {
    byte[] value = text.getBytes(StandardCharsets.UTF_8);
    int delta = number - before;
    if (value.length < 13) {
      target.put((byte) (delta << 4 | value.length));
    } else {
      target.put((byte) (delta << 4 | 13)).put((byte) (value.length - 13));
    }
    target.put(value);
    return number;
  }

  private void start(int clients) throws IOException {
    for (int i = 0; i < clients; i++) {
      open(new Client());
    }
  }

  private void open(Client client) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    channel.connect(server);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, client);
    client.sent = 0;
    send(channel, client);
  }

  private void send(DatagramChannel channel, Client client) throws IOException {
    client.id = client.id + 1 & 0xffff;
    client.sent++;
    buffer.clear();
    buffer.put((byte) 0x42).put((byte) 1).putShort((short) client.id);
    buffer.putShort((short) client.id).put(options).flip();
    channel.write(buffer);
  }

  private void run(long seconds) throws IOException {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < end) {
      if (selector.select(LOST_MILLIS) == 0) {
        for (SelectionKey key : selector.keys()) {
          send((DatagramChannel) key.channel(), (Client) key.attachment());
        }
      }
      List<SelectionKey> ready = new ArrayList<>(selector.selectedKeys());
      selector.selectedKeys().clear();
      for (SelectionKey key : ready) {
        take(key);
      }
    }
  }

  private void take(SelectionKey key) throws IOException {
    var channel = (DatagramChannel) key.channel();
    var client = (Client) key.attachment();
    buffer.clear();
    if (channel.read(buffer) < ANSWER_BYTES || Byte.toUnsignedInt(buffer.get(1)) != CONTENT) {
      throw new IOException("not the answer: code %x".formatted(buffer.get(1)));
    }
    if (Short.toUnsignedInt(buffer.getShort(2)) != client.id) {
      return; // one that was taken for lost
    }
    answers++;
    if (client.sent == requestsPerPort) {
      channel.close();
      open(client);
    } else {
      send(channel, client);
    }
  }

  private static long cpuTicks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/%d/stat".formatted(pid)));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }
}
