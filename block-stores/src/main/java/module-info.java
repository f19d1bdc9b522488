/// Where blocks are kept: local stores, clients of remote ones, and what wraps them.
module eris.stores {
  requires static org.jspecify;
  requires java.net.http;
  requires transitive eris.core;
  requires rocksdbjni;

  exports eris.retention;
  exports eris.stores;
  exports eris.stores.sync;
}
