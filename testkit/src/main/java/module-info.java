/// What tests everywhere need: the contract of a store, faulty stores, simulated files, vectors.
module eris.testkit {
  requires static org.jspecify;
  requires transitive eris.core;
  requires transitive eris.stores;
  requires transitive org.junit.jupiter.api;
  requires org.assertj.core;
  requires org.bouncycastle.provider; // forged trees
  requires transitive tools.jackson.databind;

  exports eris.testkit;
}
