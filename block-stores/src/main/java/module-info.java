/// Where blocks are kept: local stores, clients of remote ones, and what wraps them.
module eris.stores {
  requires static org.jspecify;
  requires java.net.http;
  requires transitive eris.core;
  requires element.connector;
  requires rocksdbjni;
  requires org.slf4j; // of scandium, which cannot say so itself
  requires scandium;

  exports eris.retention;
  exports eris.stores;
  exports eris.stores.batch;
  exports eris.stores.coap;
  exports eris.stores.daemon;
  exports eris.stores.sync;
}
