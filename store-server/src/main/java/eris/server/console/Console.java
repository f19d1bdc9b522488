package eris.server.console;

import eris.server.blocks.StoreFigures;
import eris.server.console.Incidents.Incident;
import eris.store.BlockStore;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The state of the daemon, as the console shows it. Once started, and until it is closed, it looks
/// at the daemon in equal steps. Safe for concurrent use.
public final class Console implements AutoCloseable {
  private final BlockStore store;
  private final InstantSource clock;
  private final Traffic traffic = new Traffic();
  private final Incidents incidents;
  private final long startMillis;
  private final History history;
  private @Nullable ScheduledExecutorService looks;

  public Console(BlockStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    incidents = new Incidents(clock);
    startMillis = clock.millis();
    history = new History(traffic.counts(), startMillis);
  }

  /// Where to count requests.
  public Traffic traffic() {
    return traffic;
  }

  /// Where to note what goes wrong.
  public Incidents incidents() {
    return incidents;
  }

  /// Begins to look, if it does not yet.
  public synchronized void start() {
    if (looks == null) {
      looks =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("eris-console").factory());
      var _ =
          looks.scheduleAtFixedRate(
              this::look, History.EVERY_MILLIS, History.EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /// Ends a step. By the schedule, or by a test.
  void look() {
    OptionalLong stored =
        StoreFigures.of(store)
            .map(figures -> OptionalLong.of(figures.bytes()))
            .orElse(OptionalLong.empty());
    history.add(traffic.counts(), stored, clock.millis());
  }

  /// The state of the daemon, as [JSON](../../../../../../../docs/formats/console-status.md). May
  /// block.
  ///
  /// @param put whether blocks are taken
  public String toJson(boolean put) {
    Traffic.Counts counts = traffic.counts();
    long now = clock.millis();
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("time", now);
    state.put("uptimeMillis", now - startMillis);
    state.put("put", put);
    Map<String, Object> requests = new LinkedHashMap<>();
    requests.put("gets", counts.gets());
    requests.put("puts", counts.puts());
    state.put("requests", requests);
    state.put("store", StoreFigures.of(store).map(StoreFigures::fields).orElse(Map.of()));
    state.put("history", history.fields());
    state.put("errors", incidents.latest().stream().map(Incident::fields).toList());
    return JsonMapper.shared().writeValueAsString(state);
  }

  /// Looks no more.
  @Override
  public synchronized void close() {
    if (looks != null) {
      looks.shutdownNow();
    }
  }
}
