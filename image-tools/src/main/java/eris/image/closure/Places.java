package eris.image.closure;

import java.util.Collection;
import java.util.stream.Collectors;

/// Where something was searched, for messages.
final class Places {
  private Places() {}

  static String list(Collection<?> places) {
    return places.isEmpty()
        ? "(nowhere to search)"
        : places.stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
