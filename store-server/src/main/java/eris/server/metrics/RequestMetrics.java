package eris.server.metrics;

import eris.server.blocks.BlockCounts;
import eris.server.blocks.Protocol;
import eris.server.blocks.RequestCounts;
import eris.server.blocks.RequestCounts.Method;
import eris.server.metrics.MetricsText.Kind;
import eris.server.metrics.MetricsText.Label;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Set;

/// How requests were answered, for each protocol that has a door. What is usual is there from the
/// start, the rest once it has happened.
final class RequestMetrics {
  private static final Set<Method> USUAL = Set.of(Method.GET, Method.PUT);
  private static final Set<Integer> USUAL_CLASSES = Set.of(2, 4, 5);
  private static final double NANOS_PER_SECOND = 1e9;

  private final BlockCounts counts;

  RequestMetrics(BlockCounts counts) {
    this.counts = counts;
  }

  void writeTo(MetricsText text) {
    text.begin(Kind.COUNTER, "eris_requests_total", "Requests answered, by class of status.");
    forEach((protocol, method, of) -> writeClasses(text, protocol, method, of));
    text.begin(Kind.HISTOGRAM, "eris_request_seconds", "Time from a request's head to its answer.");
    forEach((protocol, method, of) -> writeDurations(text, protocol, method, of));
    text.begin(Kind.COUNTER, "eris_received_bytes_total", "Bodies of requests.");
    counts
        .requests()
        .forEach(
            (protocol, of) ->
                text.sample("eris_received_bytes_total", of.receivedBytes(), door(protocol)));
    text.begin(Kind.COUNTER, "eris_sent_bytes_total", "Bodies of answers.");
    counts
        .requests()
        .forEach(
            (protocol, of) -> text.sample("eris_sent_bytes_total", of.sentBytes(), door(protocol)));
  }

  @FunctionalInterface
  private interface Writer {
    void write(Protocol protocol, Method method, RequestCounts of);
  }

  private void forEach(Writer writer) {
    counts
        .requests()
        .forEach(
            (protocol, of) ->
                Arrays.stream(Method.values())
                    .filter(method -> USUAL.contains(method) || of.count(method) > 0)
                    .forEach(method -> writer.write(protocol, method, of)));
  }

  private static void writeClasses(
      MetricsText text, Protocol protocol, Method method, RequestCounts of) {
    for (int digit = 1; digit <= 5; digit++) {
      long count = of.count(method, digit);
      if (count > 0 || USUAL_CLASSES.contains(digit)) {
        var status = new Label("status", digit + "xx");
        text.sample("eris_requests_total", count, door(protocol), of(method), status);
      }
    }
  }

  /// Buckets count all that is not above their bound.
  private static void writeDurations(
      MetricsText text, Protocol protocol, Method method, RequestCounts of) {
    long[] bounds = RequestCounts.boundsNanos().toArray();
    long[] buckets = of.buckets(method).toArray();
    long below = 0;
    for (int i = 0; i < buckets.length; i++) {
      below += buckets[i];
      String bound = i < bounds.length ? seconds(bounds[i]) : "+Inf";
      text.sample(
          "eris_request_seconds_bucket", below, door(protocol), of(method), new Label("le", bound));
    }
    double total = of.totalNanos(method) / NANOS_PER_SECOND;
    text.sample("eris_request_seconds_sum", total, door(protocol), of(method));
    text.sample("eris_request_seconds_count", below, door(protocol), of(method));
  }

  private static String seconds(long nanos) {
    return BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
  }

  private static Label door(Protocol protocol) {
    return new Label("door", protocol.scheme());
  }

  private static Label of(Method method) {
    return new Label("method", method.name());
  }
}
