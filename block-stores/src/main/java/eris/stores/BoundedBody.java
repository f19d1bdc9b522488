package eris.stores;

import eris.BlockSize;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/// Takes a body up to one byte more than any block has, and hangs up on what is longer: the body
/// that comes out then has [#MAX_BYTES] and so is no block.
final class BoundedBody implements BodySubscriber<byte[]> {
  static final int MAX_BYTES = BlockSize.MAX_BYTES + 1;

  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream(BlockSize.KIB_1.bytes());
  private @Nullable Subscription subscription;

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      byte[] part = new byte[Math.min(buffer.remaining(), MAX_BYTES - taken.size())];
      buffer.get(part);
      taken.writeBytes(part);
    }
    Subscription source = Objects.requireNonNull(subscription);
    if (taken.size() == MAX_BYTES) {
      source.cancel();
      onComplete();
    } else {
      source.request(1);
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    body.complete(taken.toByteArray());
  }
}
