package eris.image.run;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// What a program gets from whom it was started by, and Java has changed meanwhile for itself.
///
/// @param environment `NAME=value` each, in the bytes of the system
/// @param descriptors open ones beside the standard streams
/// @param ignoredSignals bit 0 for signal 1
/// @param blockedSignals the same
/// @param softCoreLimit in bytes, -1 for none; if it is to be set
public record Caller(
    List<byte[]> environment,
    Set<Integer> descriptors,
    long ignoredSignals,
    long blockedSignals,
    OptionalLong softCoreLimit) {
  public Caller {
    environment = List.copyOf(environment);
    descriptors = Set.copyOf(descriptors);
  }
}
