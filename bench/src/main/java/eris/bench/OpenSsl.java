package eris.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The ChaCha20 of OpenSSL. Its BLAKE2b has 64 bytes of digest only.
final class OpenSsl implements Keystream {
  private static final MemorySegment COUNTER_AND_NONCE = Arena.global().allocate(16);

  private final MemorySegment context;
  private final MemorySegment cipher;
  private final MemorySegment written = Arena.ofAuto().allocate(JAVA_INT);
  private final MethodHandle init;
  private final MethodHandle update;

  private OpenSsl(Native library) {
    init =
        library.function(
            "EVP_EncryptInit_ex",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    update =
        library.function(
            "EVP_EncryptUpdate",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
    var pointer = FunctionDescriptor.of(ADDRESS);
    try {
      context =
          (MemorySegment) library.function("EVP_CIPHER_CTX_new", pointer).invokeExact(); // for ever
      cipher = (MemorySegment) library.function("EVP_chacha20", pointer).invokeExact();
    } catch (Throwable e) {
      throw Native.unexpected(e);
    }
    initialise(cipher, MemorySegment.NULL);
  }

  static Optional<OpenSsl> find() {
    return Native.named("libcrypto.so.3").map(OpenSsl::new);
  }

  @Override
  public void apply(MemorySegment block, MemorySegment key) {
    initialise(MemorySegment.NULL, key); // the cipher stays
    try {
      int _ =
          (int)
              update.invokeExact(context, block, written, block, Math.toIntExact(block.byteSize()));
    } catch (Throwable e) {
      throw Native.unexpected(e);
    }
  }

  private void initialise(MemorySegment type, MemorySegment key) {
    try {
      int _ = (int) init.invokeExact(context, type, MemorySegment.NULL, key, COUNTER_AND_NONCE);
    } catch (Throwable e) {
      throw Native.unexpected(e);
    }
  }
}
