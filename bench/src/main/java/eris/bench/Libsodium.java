package eris.bench;

import static eris.kernel.BlockKernel.DIGEST_BYTES;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// libsodium: hand-written AVX2 for one stream, the usual choice of implementations in C, Go, Rust
/// or Guile.
final class Libsodium implements Hash, Keystream {
  private static final MemorySegment NONCE = Arena.global().allocate(12);

  private final MethodHandle generichash;
  private final MethodHandle chacha20;

  private Libsodium(Native library) {
    generichash =
        library.function(
            "crypto_generichash",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));
    chacha20 =
        library.function(
            "crypto_stream_chacha20_ietf_xor",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    try { // chooses the fastest code for this processor
      int _ = (int) library.function("sodium_init", FunctionDescriptor.of(JAVA_INT)).invokeExact();
    } catch (Throwable e) {
      throw Native.unexpected(e);
    }
  }

  static Optional<Libsodium> find() {
    return Native.named("libsodium.so.23").map(Libsodium::new);
  }

  @Override
  public void hash(MemorySegment block, MemorySegment key, MemorySegment digest) {
    MemorySegment keyOrNull = key.byteSize() == 0 ? MemorySegment.NULL : key;
    try {
      int _ =
          (int)
              generichash.invokeExact(
                  digest,
                  (long) DIGEST_BYTES,
                  block,
                  block.byteSize(),
                  keyOrNull,
                  keyOrNull.byteSize());
    } catch (Throwable e) {
      throw Native.unexpected(e);
    }
  }

  @Override
  public void apply(MemorySegment block, MemorySegment key) {
    try {
      int _ = (int) chacha20.invokeExact(block, block, block.byteSize(), NONCE, key);
    } catch (Throwable e) {
      throw Native.unexpected(e);
    }
  }
}
