/// Benchmarks: what the performance claims rest on.
module eris.bench {
  requires static org.jspecify;
  requires californium.core;
  requires element.connector;
  requires eris.core;
  requires eris.stores;
  requires jdk.management;
  requires jmh.core;
  requires org.bouncycastle.provider;
}
