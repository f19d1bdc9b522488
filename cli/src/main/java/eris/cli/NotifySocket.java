package eris.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// Sends datagrams to a Unix socket. Java has none of these: hence by the C library.
///
/// An address is that of `sd_notify(3)`: a path, or `@name` for what is in no file system.
final class NotifySocket implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;

  /// `struct sockaddr_un`: the family, in two bytes, and the path.
  private static final int FAMILY_BYTES = 2;

  private static final int MAX_PATH_BYTES = 107;

  private final Arena arena = Arena.ofShared();
  private final MethodHandle sendto;
  private final MethodHandle close;
  private final MemorySegment address;
  private final int socket;

  /// @throws IOException if this is no address, or there is no socket to be had
  NotifySocket(String name) throws IOException {
    address = address(name);
    MethodHandle create =
        Libc.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    sendto =
        Libc.function(
            "sendto",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    close = Libc.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    try {
      socket = (int) create.invokeExact(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
    if (socket < 0) {
      throw new IOException("no Unix socket to be had");
    }
  }

  private MemorySegment address(String name) throws IOException {
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    boolean isAbstract = name.startsWith("@");
    if (!isAbstract && !name.startsWith("/") || path.length > MAX_PATH_BYTES) {
      throw new IOException("no address of a Unix socket: " + name);
    }
    if (isAbstract) {
      path[0] = 0;
    }
    MemorySegment bytes = arena.allocate(FAMILY_BYTES + path.length + (isAbstract ? 0L : 1));
    bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) AF_UNIX);
    MemorySegment.copy(path, 0, bytes, ValueLayout.JAVA_BYTE, FAMILY_BYTES, path.length);
    return bytes;
  }

  /// Sends one datagram.
  ///
  /// @return whether there was somebody who took it
  synchronized boolean send(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Arena call = Arena.ofConfined()) {
      MemorySegment message = call.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      long sent =
          (long)
              sendto.invokeExact(
                  socket,
                  message,
                  (long) bytes.length,
                  MSG_NOSIGNAL,
                  address,
                  (int) address.byteSize());
      return sent == bytes.length;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      int _ = (int) close.invokeExact(socket);
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
    arena.close();
  }
}
