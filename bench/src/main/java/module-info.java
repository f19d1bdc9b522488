/// Benchmarks: what the performance claims rest on.
@SuppressWarnings("requires-automatic")
module eris.bench {
  requires static org.jspecify;
  requires eris.core;
  requires jmh.core;
  requires org.bouncycastle.provider;

  exports eris.bench; // JMH generates subclasses elsewhere
}
