package eris.server.access;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// What a token allows. Reading blocks needs none.
public enum Permission {
  /// Storing blocks.
  PUT,
  /// Asking which blocks are held, and moving what is missing.
  SYNC,
  /// Asking how the daemon does.
  ADMIN;

  /// Parses `put,sync`.
  ///
  /// @throws IllegalArgumentException if there is none, or an unknown one
  public static Set<Permission> parse(String text) {
    Set<Permission> all = EnumSet.noneOf(Permission.class);
    for (String word : text.split(",", -1)) {
      all.add(
          Arrays.stream(values())
              .filter(permission -> permission.toString().equals(word))
              .findFirst()
              .orElseThrow(
                  () -> new IllegalArgumentException("not a permission, want put, sync, admin")));
    }
    return all;
  }

  /// As [#parse] takes it.
  public static String format(Set<Permission> permissions) {
    return permissions.stream().sorted().map(Permission::toString).collect(Collectors.joining(","));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
