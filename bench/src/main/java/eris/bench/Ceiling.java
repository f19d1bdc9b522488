package eris.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A pipeline of `bench/native`, our own C.
final class Ceiling implements Pipeline {
  private final String name;
  private final MethodHandle encode;
  private final MethodHandle decode;

  /// The functions are `PREFIX_encode` and `PREFIX_decode`.
  Ceiling(String prefix, Native library) {
    name = "C " + prefix;
    encode =
        library.function(
            prefix + "_encode",
            FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS));
    decode =
        library.function(
            prefix + "_decode",
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void encode(
      MemorySegment leaves, int blockBytes, MemorySegment secret, MemorySegment pairs) {
    try {
      encode.invokeExact(leaves, (long) blockBytes, leaves.byteSize() / blockBytes, secret, pairs);
    } catch (Throwable e) {
      throw Native.unexpected(e);
    }
  }

  @Override
  public void decode(MemorySegment blocks, int blockBytes, MemorySegment pairs) {
    long corrupt;
    try {
      corrupt =
          (long)
              decode.invokeExact(blocks, (long) blockBytes, blocks.byteSize() / blockBytes, pairs);
    } catch (Throwable e) {
      throw Native.unexpected(e);
    }
    if (corrupt > 0) {
      throw new IllegalStateException(corrupt + " blocks are corrupt");
    }
  }
}
