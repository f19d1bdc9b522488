package eris.server.http;

/// What is at a path. Called on the event loop: does not block, and answers through the exchange,
/// now or later.
@FunctionalInterface
interface Resource {
  void handle(Exchange exchange);
}
