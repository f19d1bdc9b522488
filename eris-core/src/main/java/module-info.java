/// The ERIS codec: content to encrypted blocks and back, over any set of blocks.
@SuppressWarnings("module") // eris.bench and eris.cli are built later
module eris.core {
  requires static org.jspecify;
  requires static jdk.incubator.vector; // absent: the scalar kernel serves

  exports eris;
  exports eris.cbor;
  exports eris.codec;
  exports eris.format;
  exports eris.store;
  exports eris.kernel to
      eris.bench,
      eris.cli;
}
