package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IncomingTest {
  private static final int PART_BYTES = 1 << 16;

  private final AtomicInteger resumed = new AtomicInteger();
  private final Incoming incoming = new Incoming(resumed::incrementAndGet, Duration.ofSeconds(10));

  private void take() {
    incoming.take(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[PART_BYTES])));
  }

  @Test
  void whatComesWhileItIsFullDoesNotMakeItEmptyUnheard() throws IOException {
    while (!incoming.isFull()) {
      take();
    }
    incoming.skipNBytes(2 * PART_BYTES); // no longer full, but not yet half empty
    take();
    assertThat(incoming.isFull()).isTrue();
    assertThat(resumed).hasValue(0);

    incoming.skipNBytes(incoming.available());
    assertThat(incoming.isFull()).isFalse();
    assertThat(resumed).hasValue(1);
  }
}
