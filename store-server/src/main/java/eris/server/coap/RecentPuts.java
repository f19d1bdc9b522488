package eris.server.coap;

import eris.stores.coap.Datagram;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Answers to puts, for requests that come again because the answer was lost: parts of a block have
/// their effect once. Gets need none of this, they have no effect.
///
/// Of the last 4,096 puts only: who asks later than that gets 4.08 and begins anew. Safe for
/// concurrent use.
final class RecentPuts {
  private static final int MAX_KEPT = 4096;

  private final Map<Key, Optional<Datagram>> answers = new LinkedHashMap<>();

  private record Key(Object peer, int id) {}

  /// Whether this is the first time. If not, `known` has the answer, or none as long as it is under
  /// way.
  record Entry(boolean isFirst, Optional<Datagram> known) {}

  synchronized Entry enter(Object peer, int id) {
    var key = new Key(peer, id);
    Optional<Datagram> known = answers.get(key);
    if (known != null) {
      return new Entry(false, known);
    }
    answers.put(key, Optional.empty());
    if (answers.size() > MAX_KEPT) {
      Iterator<Key> eldest = answers.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
    return new Entry(true, Optional.empty());
  }

  synchronized void answered(Object peer, int id, Datagram answer) {
    answers.replace(new Key(peer, id), Optional.of(answer));
  }
}
