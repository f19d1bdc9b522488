package eris.server.metrics;

import eris.codec.Encoder;
import eris.server.blocks.BlockCounts;
import eris.server.blocks.BlockService;
import eris.server.blocks.StoreFigures;
import eris.server.metrics.MetricsText.Kind;
import eris.server.metrics.MetricsText.Label;
import java.lang.module.ModuleDescriptor;
import java.util.Optional;

/// All figures of the daemon, in the text format of Prometheus. No label has a reference, a
/// capability, a name of an account or an address of a client: all values of labels are known here.
public final class Metrics {
  private final BlockService blocks;
  private final StoreWatch store;
  private final RequestMetrics requests;
  private final Http http;

  /// What only the door for HTTP knows.
  public interface Http {
    /// That are open.
    int connections();

    /// Of memory that is reserved for bodies of requests.
    int bodyBytes();

    /// Requests of many blocks, and sessions between stores.
    int streams();
  }

  public Metrics(BlockService blocks, Http http) {
    this.blocks = blocks;
    this.http = http;
    store = new StoreWatch(blocks.store());
    requests = new RequestMetrics(blocks.counts());
  }

  /// Waits for the store for a moment, if it must.
  public String text() {
    var text = new MetricsText();
    writeBuild(text);
    requests.writeTo(text);
    writeHttp(text);
    writeBlocks(text, blocks.counts());
    text.single(
        Kind.GAUGE, "eris_store_pending", "Requests that wait for the store.", blocks.pending());
    text.single(Kind.GAUGE, "eris_cache_bytes", "Blocks held in memory.", blocks.cachedBytes());
    text.single(
        Kind.GAUGE,
        "eris_store_trouble",
        "1 if the store failed within the last seconds, as /readyz tells.",
        blocks.trouble().isPresent() ? 1 : 0);
    text.single(
        Kind.COUNTER,
        "eris_access_log_dropped_total",
        "Requests without their line in the log: it was too slow.",
        blocks.requests().dropped());
    store.figures().ifPresent(figures -> writeStore(text, figures));
    JvmMetrics.writeTo(text);
    return text.toString();
  }

  private void writeHttp(MetricsText text) {
    text.single(Kind.GAUGE, "eris_http_connections", "Connections open.", http.connections());
    text.single(
        Kind.GAUGE,
        "eris_http_body_bytes",
        "Memory reserved for bodies of requests.",
        http.bodyBytes());
    text.single(
        Kind.GAUGE,
        "eris_http_streams",
        "Requests of many blocks, and sessions between stores.",
        http.streams());
  }

  private static void writeBuild(MetricsText text) {
    ModuleDescriptor module = Metrics.class.getModule().getDescriptor();
    Optional<String> version = module == null ? Optional.empty() : module.rawVersion();
    text.begin(Kind.GAUGE, "eris_build_info", "What runs here.")
        .sample(
            "eris_build_info",
            1,
            new Label("version", version.orElse("unknown")),
            new Label("kernel", Encoder.kernelName()),
            new Label("java", Runtime.version().toString()));
  }

  private static void writeBlocks(MetricsText text, BlockCounts counts) {
    String got = "eris_blocks_got_total";
    text.begin(Kind.COUNTER, got, "Blocks asked for, by where they were found.")
        .sample(got, counts.fromMemory(), new Label("from", "memory"))
        .sample(got, counts.fromStore(), new Label("from", "store"))
        .sample(got, counts.missing(), new Label("from", "nowhere"));
    text.single(Kind.COUNTER, "eris_blocks_put_total", "Blocks stored durably.", counts.put());
    text.single(Kind.COUNTER, "eris_blocks_corrupt_total", "Corrupt blocks met.", counts.corrupt());
    text.single(
        Kind.COUNTER,
        "eris_store_failures_total",
        "Requests the store failed at.",
        counts.failed());
    text.single(
        Kind.COUNTER,
        "eris_overloaded_total",
        "Requests refused for lack of room.",
        counts.overloaded());
  }

  private static void writeStore(MetricsText text, StoreFigures figures) {
    text.single(Kind.GAUGE, "eris_store_blocks", "Blocks held.", figures.blocks());
    text.single(Kind.GAUGE, "eris_store_used_bytes", "What they take.", figures.bytes());
    figures
        .capacityBytes()
        .ifPresent(
            bytes ->
                text.single(
                    Kind.GAUGE, "eris_store_capacity_bytes", "The most there may be.", bytes));
    text.single(
        Kind.GAUGE,
        "eris_store_free_bytes",
        "Room in the store as large as it is now.",
        figures.freeBytes());
    text.single(
        Kind.GAUGE,
        "eris_store_trash_blocks",
        "Blocks that the next collection frees.",
        figures.trash());
    text.single(
        Kind.GAUGE,
        "eris_store_bad_blocks",
        "Places out of use since a block there was corrupt.",
        figures.setAside());
  }
}
