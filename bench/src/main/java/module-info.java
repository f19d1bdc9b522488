/// Benchmarks.
module eris.bench {
  requires static org.jspecify;
  requires eris.core;
  requires org.bouncycastle.provider;
}
