package eris.server.blocks;

import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/// What a [BlockService] has done since it began. Safe for concurrent use.
public final class BlockCounts {
  final LongAdder fromMemory = new LongAdder();
  final LongAdder fromStore = new LongAdder();
  final LongAdder missing = new LongAdder();
  final LongAdder corrupt = new LongAdder();
  final LongAdder put = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder overloaded = new LongAdder();
  private final Map<Protocol, RequestCounts> requests = new ConcurrentSkipListMap<>();

  BlockCounts() {}

  /// Blocks found in memory.
  public long fromMemory() {
    return fromMemory.sum();
  }

  /// Blocks read and verified.
  public long fromStore() {
    return fromStore.sum();
  }

  /// A block was read, verified and sent in a session of many.
  public void sent() {
    fromStore.increment();
  }

  /// Blocks asked for that the store did not have.
  public long missing() {
    return missing.sum();
  }

  /// Blocks that the store had a corrupt copy of.
  public long corrupt() {
    return corrupt.sum();
  }

  /// Blocks stored, durably, or there already.
  public long put() {
    return put.sum();
  }

  /// Times that the store failed, was full or took no blocks.
  public long failed() {
    return failed.sum();
  }

  /// Requests that found too much to do.
  public long overloaded() {
    return overloaded.sum();
  }

  /// The requests that came by this protocol. A door asks for it once.
  public RequestCounts requests(Protocol protocol) {
    return requests.computeIfAbsent(protocol, _ -> new RequestCounts());
  }

  /// Those of all protocols that there are doors for.
  public Map<Protocol, RequestCounts> requests() {
    return Collections.unmodifiableMap(requests);
  }
}
