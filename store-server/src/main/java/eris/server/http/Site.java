package eris.server.http;

import eris.server.access.Gate;
import eris.server.access.Permission;
import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings;
import eris.server.config.ServerLog;
import eris.server.console.Console;
import eris.server.console.ConsolePage;
import eris.server.metrics.Metrics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// What there is behind the door, at which path.
///
/// @param streams what goes on for long
/// @param isClosing whether the daemon is about to end
record Site(
    BlockService blocks,
    Gate gate,
    Console console,
    Streams streams,
    ServerLog log,
    Metrics metrics,
    BooleanSupplier isClosing) {

  Routes routes(HttpSettings by) {
    Map<String, Resource> resources = new HashMap<>();
    resources.put(
        N2rResource.PATH,
        new N2rResource(blocks, by.put(), gate, new ContentResource(blocks, by.content())));
    resources.put(HaveResource.PATH, new HaveResource(blocks, gate, streams, by));
    resources.put(BlocksResource.PATH, new BlocksResource(blocks, gate, streams, by));
    resources.put(FetchResource.PATH, new FetchResource(blocks, streams, by));
    resources.put(SyncResource.PATH, new SyncResource(blocks, gate, streams, by));
    resources.put(HealthResources.LIVE_PATH, HealthResources.live());
    resources.put(HealthResources.READY_PATH, HealthResources.ready(blocks, isClosing));
    resources.put(MetricsResource.PATH, forOperators(new MetricsResource(metrics), by));
    if (by.console() == HttpSettings.Console.ON) {
      addConsole(resources, by);
    }
    return new Routes(new HostCheck(by.hosts()), resources);
  }

  /// What tells how the daemon does.
  private Resource forOperators(Resource resource, HttpSettings by) {
    return HealthResources.reading(
        exchange ->
            exchange.admit(
                gate,
                by.trustsThisMachine() && exchange.isLocal(),
                Permission.ADMIN,
                _ -> resource.handle(exchange)));
  }

  private void addConsole(Map<String, Resource> resources, HttpSettings by) {
    Optional<ConsolePage> page = ConsolePage.load();
    if (page.isEmpty()) {
      log.write(
          ServerLog.Level.WARNING, "console-not-built", Map.of("reason", PageResource.MISSING));
    }
    resources.put(PageResource.PATH, HealthResources.reading(new PageResource(page)));
    resources.put(
        StatusResource.PATH, forOperators(new StatusResource(console, blocks, by.put()), by));
    console.start();
  }
}
