package eris.server.coap;

import eris.server.config.EchoMode;
import eris.stores.coap.CoapCode;
import eris.stores.coap.CoapMessage;
import eris.stores.coap.CoapOption;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Keeps the server from being turned against others (RFC 9175, Echo): whoever writes another's
/// address on a small request would make a block go there. So an address gets no more than 136 bytes
/// until it has sent back what only it can have received, and then is believed for five minutes.
///
/// What it is to send back is a code over address and time: nothing is kept for who does not answer.
final class EchoGate {
  private static final int ECHO_BYTES = 8;
  private static final long WINDOW_NANOS = 300_000_000_000L;
  private static final int MAX_BELIEVED = 8192;

  private final EchoMode mode;
  private final LongSupplier nanoTime;
  private final SecretKeySpec key;

  /// Addresses that answered, and when. Guarded by itself.
  private final Map<InetAddress, Long> believed =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Long> eldest) {
          return size() > MAX_BELIEVED;
        }
      };

  EchoGate(EchoMode mode, LongSupplier nanoTime) {
    this.mode = mode;
    this.nanoTime = nanoTime;
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    key = new SecretKeySpec(secret, "HmacSHA256");
  }

  /// How to ask a peer at `source`; empty if it needs not be asked.
  Optional<Challenge> challenge(InetAddress source) {
    boolean free = mode == EchoMode.OFF || (mode == EchoMode.AUTO && source.isLoopbackAddress());
    return free || isBelieved(source) ? Optional.empty() : Optional.of(new Challenge(source));
  }

  private boolean isBelieved(InetAddress source) {
    synchronized (believed) {
      Long since = believed.get(source);
      return since != null && nanoTime.getAsLong() - since < WINDOW_NANOS;
    }
  }

  private void believe(InetAddress source) {
    synchronized (believed) {
      believed.remove(source); // so that it becomes the last
      believed.put(source, nanoTime.getAsLong());
    }
  }

  private byte[] echo(InetAddress source, long window) {
    try {
      Mac mac = Mac.getInstance(key.getAlgorithm());
      mac.init(key);
      mac.update(ByteBuffer.allocate(Long.BYTES).putLong(window).flip());
      return Arrays.copyOf(mac.doFinal(source.getAddress()), ECHO_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /// What one source is asked.
  final class Challenge {
    private final InetAddress source;

    private Challenge(InetAddress source) {
      this.source = source;
    }

    /// Whether `request` has the answer.
    boolean isMetBy(CoapMessage request) {
      Optional<CoapOption> echo = request.options().first(CoapOption.ECHO);
      if (echo.isEmpty()) {
        return false;
      }
      byte[] shown = echo.get().value();
      long window = nanoTime.getAsLong() / WINDOW_NANOS;
      boolean met =
          MessageDigest.isEqual(shown, echo(source, window))
              || MessageDigest.isEqual(shown, echo(source, window - 1));
      if (met) {
        believe(source);
      }
      return met;
    }

    CoapMessage response() {
      byte[] echo = echo(source, nanoTime.getAsLong() / WINDOW_NANOS);
      return CoapMessage.of(CoapCode.UNAUTHORIZED, CoapOption.of(CoapOption.ECHO, echo));
    }
  }
}
