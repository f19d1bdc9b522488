package eris.server.access;

import eris.stores.AccessToken;
import java.util.Optional;

/// Lets in who may come in. Safe for concurrent use.
public final class Gate {
  private static final String SCHEME = "Bearer ";

  private final Budgets budgets;
  private volatile AccessList list;

  public Gate(AccessList list, Budgets budgets) {
    this.list = list;
    this.budgets = budgets;
  }

  /// What is to be done with who asks.
  public sealed interface Decision {
    /// @param account that pays; none for somebody without a token
    record Welcome(Optional<Account> account) implements Decision {}

    /// Without a token, or with one that is not known.
    record Stranger() implements Decision {}

    /// With a token that allows other things.
    record NotAllowed() implements Decision {}
  }

  /// From now on goes by another list.
  public void apply(AccessList other) {
    list = other;
  }

  /// @param isFree whether it takes no token; one that is shown counts all the same
  /// @param authorization the header of that name (RFC 6750)
  public Decision decide(boolean isFree, Optional<String> authorization, Permission wanted) {
    return authorization.isEmpty()
        ? withoutGrant(isFree)
        : decide(token(authorization.get()).flatMap(list::grant), wanted);
  }

  /// @param isFree whether it takes no certificate
  /// @param name of an account, certified by somebody who may; a name of none counts for nothing
  public Decision decideByName(boolean isFree, Optional<String> name, Permission wanted) {
    Optional<Grant> grant = name.flatMap(list::certified);
    return grant.isEmpty() ? withoutGrant(isFree) : decide(grant, wanted);
  }

  private static Decision withoutGrant(boolean isFree) {
    return isFree ? new Decision.Welcome(Optional.empty()) : new Decision.Stranger();
  }

  private static Decision decide(Optional<Grant> grant, Permission wanted) {
    if (grant.isEmpty()) {
      return new Decision.Stranger();
    }
    return grant.get().permissions().contains(wanted)
        ? new Decision.Welcome(Optional.of(grant.get().account()))
        : new Decision.NotAllowed();
  }

  private static Optional<AccessToken> token(String authorization) {
    try {
      return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
          ? Optional.of(AccessToken.parse(authorization.substring(SCHEME.length()).strip()))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  public Budgets budgets() {
    return budgets;
  }
}
