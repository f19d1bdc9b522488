package eris.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Runs the usual commands in one JVM, from which the launcher makes its AOT cache: what they load
/// and link here, later starts find ready.
final class Training {
  private static final int CONTENT_BYTES = 1024;
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

  private final Map<String, String> environment;

  private Training(Path home) {
    this.environment = Map.of("HOME", home.toString());
  }

  public static void main(String[] args) throws IOException {
    Path home = Files.createTempDirectory("eris-training");
    try {
      new Training(home).runAll(home);
    } finally {
      delete(home);
    }
  }

  private void runAll(Path home) throws IOException {
    String content = "x".repeat(CONTENT_BYTES);
    run("", "--version");
    run("", "--help");
    for (String store :
        List.of(
            "volume://" + home.resolve("volume"),
            "rocksdb://" + home.resolve("rocksdb"),
            "dir:" + home.resolve("dir"))) {
      String urn = run(content, "put", "--store", store);
      check(content, run(urn, "get", "--store", store, "-"));
      run(urn, "info", "--store", store, "-");
      run(urn, "verify", "--store", store, "-");
    }
    prepareProgram(home);
    try (var server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAll(server));
      run(content, "put", "--store", "http://127.0.0.1:" + server.getLocalPort());
    }
  }

  /// A program from a closure, as far as it goes without becoming it. Where there is none that can be
  /// run, `eris run` starts as without a cache.
  private void prepareProgram(Path home) {
    var command = new RunCommand();
    command.manifest = home.resolve("program.json").toString();
    command.storage.urls = List.of("dir:" + home.resolve("dir"));
    try {
      run(
          "",
          "image",
          "closure",
          "--store",
          command.storage.urls.getFirst(),
          "-o",
          command.manifest,
          "/bin/sh");
      command.prepare(io("", new ByteArrayOutputStream()));
    } catch (Exception _) {
      // what was loaded until here is in the cache
    }
  }

  /// Takes blocks of 1 KiB and keeps none, one with each connection, until the server is closed: an
  /// HTTP client has half a second's worth of classes to load.
  private static void answerAll(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        var in = new BufferedInputStream(client.getInputStream());
        int next;
        int lineEnds = 0; // two in a row end the head
        do {
          next = in.read();
          lineEnds = next == '\n' ? lineEnds + 1 : next == '\r' ? lineEnds : 0;
        } while (next >= 0 && lineEnds < 2);
        in.readNBytes(CONTENT_BYTES);
        client.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException _) {
        // the put fails, and tells
      }
    }
  }

  private String run(String in, String... command) {
    var out = new ByteArrayOutputStream();
    int exitCode = Main.run(command, io(in, out));
    if (exitCode != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": exit code " + exitCode);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private Io io(String in, ByteArrayOutputStream out) {
    return new Io(
        new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
        out,
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        "",
        environment,
        SecureRandom::new,
        System::nanoTime);
  }

  private static void check(String put, String got) {
    if (!got.equals(put)) {
      throw new IllegalStateException("got something else than was put");
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
