package eris.server.config;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A request that was answered, for the log of requests. Nothing that a client made up is in it: no
/// capability gets here, however it was spelled.
///
/// @param time when it was answered
/// @param method of those that are known, or `-`
/// @param path of those that are known, with the reference of a block if it names one, or `-`
/// @param status as the protocol writes it
/// @param bytes of the body of the answer
/// @param micros from its head to its answer, or to the end of an answer in pieces
/// @param account that it was made for
public record RequestEntry(
    Instant time,
    String door,
    InetSocketAddress peer,
    String method,
    String path,
    String status,
    long bytes,
    long micros,
    Optional<String> account) {

  /// What there is to say about it, by name.
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("door", door);
    fields.put("peer", NetUtil.toSocketAddressString(peer));
    fields.put("method", method);
    fields.put("path", path);
    fields.put("status", status);
    fields.put("bytes", bytes);
    fields.put("micros", micros);
    account.ifPresent(id -> fields.put("account", id));
    return fields;
  }
}
