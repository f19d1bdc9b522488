package eris.server.coap;

import eris.BlockSize;
import eris.stores.coap.CoapCode;
import eris.stores.coap.CoapMessage;
import eris.stores.coap.CoapOption;
import eris.stores.coap.Part;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Bodies of requests that come in parts (RFC 7959, Block1). Who sends several at a time tells them
/// apart by a Request-Tag (RFC 9175).
///
/// At most 256 are under way, 16 of one peer, none longer than a block, and one that nothing was
/// added to for a minute is forgotten. Safe for concurrent use.
final class Reassembly {
  static final int MAX_BODIES = 256;
  static final int MAX_OF_ONE_PEER = 16;
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final LongSupplier nanoTime;

  /// What was added to last is last.
  private final LinkedHashMap<Key, Body> bodies = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<Object, Integer> ofPeer = new HashMap<>();

  private record Key(Object peer, Optional<CoapOption> tag) {}

  private static final class Body {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long lastUse;
  }

  Reassembly(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// Adds a part, and gives the body if that was its last one.
  ///
  /// @throws Refusal if the part does not fit what is there, or there is no room for the body
  synchronized Optional<MemorySegment> add(Peer peer, CoapMessage request, Part part)
      throws Refusal {
    forgetOld();
    var key = new Key(peer.identity(), request.options().first(CoapOption.REQUEST_TAG));
    byte[] payload = request.payload().toArray(ValueLayout.JAVA_BYTE);
    if (!part.allows(payload.length)) {
      remove(key);
      throw new Refusal(CoapCode.BAD_REQUEST, "a part of another size than it says");
    }
    if (part.offsetBytes() + payload.length > BlockSize.MAX_BYTES) {
      remove(key);
      throw new Refusal(CoapCode.ENTITY_TOO_LARGE, "a block has at most 32768 bytes");
    }
    Body body = body(key, part);
    body.bytes.writeBytes(payload);
    body.lastUse = nanoTime.getAsLong();
    if (part.more()) {
      return Optional.empty();
    }
    remove(key);
    return Optional.of(MemorySegment.ofArray(body.bytes.toByteArray()));
  }

  private Body body(Key key, Part part) throws Refusal {
    if (part.index() == 0) {
      remove(key);
      requireRoom(key.peer());
      var body = new Body();
      bodies.put(key, body);
      ofPeer.merge(key.peer(), 1, Integer::sum);
      return body;
    }
    Body body = bodies.get(key);
    if (body == null || body.bytes.size() != part.offsetBytes()) {
      throw new Refusal(CoapCode.ENTITY_INCOMPLETE, "parts before this one are missing");
    }
    return body;
  }

  private void requireRoom(Object peer) throws Refusal {
    if (bodies.size() >= MAX_BODIES || ofPeer.getOrDefault(peer, 0) >= MAX_OF_ONE_PEER) {
      throw new Refusal(CoapCode.UNAVAILABLE, "too many blocks in parts at a time, try again");
    }
  }

  private void forgetOld() {
    long now = nanoTime.getAsLong();
    var old = new ArrayDeque<Key>();
    for (Iterator<Map.Entry<Key, Body>> each = bodies.entrySet().iterator(); each.hasNext(); ) {
      Map.Entry<Key, Body> eldest = each.next();
      if (now - eldest.getValue().lastUse < PATIENCE_NANOS) {
        break;
      }
      old.add(eldest.getKey());
    }
    old.forEach(this::remove);
  }

  private void remove(Key key) {
    if (bodies.remove(key) != null) {
      ofPeer.computeIfPresent(key.peer(), (_, count) -> count == 1 ? null : count - 1);
    }
  }

  /// Forgets what a peer has begun: it is gone.
  synchronized void forget(Object peer) {
    bodies.keySet().stream().filter(key -> key.peer().equals(peer)).toList().forEach(this::remove);
  }
}
