package eris.stores;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow.Subscription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BoundedBodyTest {
  private final BoundedBody body = new BoundedBody();
  private final Source source = new Source();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1024, BlockSize.MAX_BYTES})
  void bodyOfAtMostABlockIsTakenWhole(int sizeBytes) {
    body.onSubscribe(source);
    body.onNext(List.of(ByteBuffer.allocate(sizeBytes / 2), ByteBuffer.allocate(0)));
    body.onNext(List.of(ByteBuffer.allocate(sizeBytes - sizeBytes / 2)));
    body.onComplete();
    assertThat(body.getBody()).isCompletedWithValueMatching(bytes -> bytes.length == sizeBytes);
    assertThat(source.cancelled).isFalse();
    assertThat(source.requested).isEqualTo(3);
  }

  @Test
  void longerBodyIsCutAfterOneByteTooMany() {
    body.onSubscribe(source);
    ByteBuffer last = ByteBuffer.allocate(1000);
    body.onNext(List.of(ByteBuffer.allocate(BlockSize.MAX_BYTES), last, ByteBuffer.allocate(9)));
    assertThat(body.getBody())
        .isCompletedWithValueMatching(bytes -> bytes.length == BoundedBody.MAX_BYTES);
    assertThat(last.position()).isEqualTo(1);
    assertThat(source.cancelled).isTrue();
    assertThat(source.requested).isEqualTo(1);
  }

  @Test
  void brokenBodyIsNoBody() {
    body.onSubscribe(source);
    body.onNext(List.of(ByteBuffer.allocate(1024)));
    body.onError(new IOException("broken"));
    assertThat(body.getBody()).isCompletedExceptionally();
  }

  private static final class Source implements Subscription {
    private long requested;
    private boolean cancelled;

    @Override
    public void request(long n) {
      requested += n;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
