package eris.stores.coap;

import static org.assertj.core.api.Assertions.assertThat;

import eris.stores.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Message IDs do not come twice within 247 seconds, and who wants more waits or has another port.
final class MessageIdsTest {
  /// Goes on when it is told, or waited for.
  private static final class FakeClock implements Clock {
    private long now = 5;
    private Duration paused = Duration.ZERO;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void pause(Duration duration) {
      paused = paused.plus(duration);
      pass(duration);
    }

    void pass(Duration duration) {
      now += duration.toNanos();
    }
  }

  private final FakeClock clock = new FakeClock();

  @Test
  void eachIsGivenOnce() throws IOException {
    var ids = new MessageIds(clock, 12_345);
    var given = new BitSet();
    for (int i = 0; i < MessageIds.COUNT; i++) {
      given.set(ids.next());
    }
    assertThat(given.cardinality()).isEqualTo(MessageIds.COUNT);
    assertThat(clock.paused).isZero();
    assertThat(ids.untilNext()).isEqualTo(MessageIds.LIFETIME);
  }

  @Test
  void secondRoundWaitsForWhatIsLeftOfTheLifetime() throws IOException {
    var ids = new MessageIds(clock, 0);
    long[] lastUse = new long[MessageIds.COUNT];
    for (int i = 0; i < 3 * MessageIds.COUNT; i++) {
      int id = ids.next();
      if (i >= MessageIds.COUNT) {
        assertThat(clock.now - lastUse[id]).isGreaterThanOrEqualTo(MessageIds.LIFETIME.toNanos());
      }
      lastUse[id] = clock.now;
      clock.pass(Duration.ofMillis(1));
    }
    assertThat(clock.paused).isBetween(Duration.ofSeconds(350), Duration.ofSeconds(370));
  }

  @Test
  void slowUseNeverWaits() throws IOException {
    var ids = new MessageIds(clock, 0);
    for (int i = 0; i < 2 * MessageIds.COUNT; i++) {
      ids.next();
      clock.pass(Duration.ofMillis(4)); // 250 a second
    }
    assertThat(clock.paused).isZero();
  }

  /// Nobody is there.
  private static final class DeadLink implements DatagramLink {
    @Override
    public void send(ByteBuffer datagram) {}

    @Override
    public boolean receive(ByteBuffer target, Duration atMost) {
      return false;
    }

    @Override
    public void close() {}
  }

  private static final class CountedLane {
    private final MessageIds ids;
    private final Lane lane;

    CountedLane(Clock clock) {
      ids = new MessageIds(clock, 0);
      lane = new Lane(new DeadLink(), ids, new Random(1));
    }

    void useUp() throws IOException {
      for (int i = 0; i < MessageIds.COUNT; i++) {
        ids.next();
      }
    }
  }

  @Test
  void anotherPortIsOpenedWhenOneHasNoMoreIds() throws IOException {
    Set<Lane> opened = new HashSet<>();
    try (var lanes =
        new Lanes(
            2,
            () -> {
              var counted = new CountedLane(clock);
              counted.useUp();
              clock.pass(Duration.ofSeconds(10));
              opened.add(counted.lane);
              return counted.lane;
            })) {
      Lane first = lanes.take();
      lanes.putBack(first);
      Lane second = lanes.take();
      assertThat(second).isNotSameAs(first);
      lanes.putBack(second);
      assertThat(lanes.take()).as("the one that is ready first").isSameAs(first);
      assertThat(lanes.take()).isSameAs(second);
      assertThat(opened).hasSize(2);
    }
  }

  @Test
  void oneRequestAfterTheOtherUsesOnePort() throws IOException {
    try (var lanes = new Lanes(16, () -> new CountedLane(clock).lane)) {
      Lane first = lanes.take();
      for (int i = 0; i < 5; i++) {
        lanes.putBack(first);
        assertThat(lanes.take()).isSameAs(first);
      }
      lanes.discard(first);
      assertThat(lanes.take()).isNotSameAs(first);
    }
  }
}
