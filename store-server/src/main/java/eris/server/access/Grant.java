package eris.server.access;

import java.util.Set;

/// What somebody may do who has shown a token.
public record Grant(Account account, Set<Permission> permissions) {
  public Grant {
    permissions = Set.copyOf(permissions);
  }
}
