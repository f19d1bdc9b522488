package eris.server.access;

import eris.stores.AccessToken;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Accounts and their tokens, as they are at one moment. Never changes.
public final class AccessList {
  private final SequencedMap<String, Account> accounts;
  private final SequencedMap<String, TokenEntry> tokens; // by hash

  /// Nobody is let in.
  public static final AccessList EMPTY =
      new AccessList(new LinkedHashMap<>(), new LinkedHashMap<>());

  private AccessList(
      SequencedMap<String, Account> accounts, SequencedMap<String, TokenEntry> tokens) {
    this.accounts = accounts;
    this.tokens = tokens;
  }

  /// The same, with an account as it says; one of its name is replaced.
  public AccessList with(Account account) {
    var more = new LinkedHashMap<>(accounts);
    more.put(account.name(), account);
    return new AccessList(more, tokens);
  }

  /// The same with one more token.
  ///
  /// @throws IllegalArgumentException if there is no such account
  public AccessList with(TokenEntry token) {
    if (!accounts.containsKey(token.account())) {
      throw new IllegalArgumentException("there is no account " + token.account());
    }
    var more = new LinkedHashMap<>(tokens);
    more.put(token.hash(), token);
    return new AccessList(accounts, more);
  }

  /// The same without an account and its tokens.
  public AccessList without(Account account) {
    var fewer = new LinkedHashMap<>(accounts);
    fewer.remove(account.name());
    var others = new LinkedHashMap<>(tokens);
    others.values().removeIf(token -> token.account().equals(account.name()));
    return new AccessList(fewer, others);
  }

  public AccessList without(TokenEntry token) {
    var fewer = new LinkedHashMap<>(tokens);
    fewer.remove(token.hash());
    return new AccessList(accounts, fewer);
  }

  public Collection<Account> accounts() {
    return accounts.values();
  }

  public Collection<TokenEntry> tokens() {
    return tokens.values();
  }

  public Optional<Account> account(String name) {
    return Optional.ofNullable(accounts.get(name));
  }

  /// The token that is called so.
  public Optional<TokenEntry> token(String id) {
    return tokens.values().stream().filter(token -> token.id().equals(id)).findFirst();
  }

  /// What a token allows; empty if it was never given, or taken back.
  ///
  /// Looking up a hash takes longer or shorter only by bits that whoever asks cannot choose.
  public Optional<Grant> grant(AccessToken token) {
    return Optional.ofNullable(tokens.get(token.hash())).map(this::grant);
  }

  /// What the account of this name may do if a certificate proves it: all but what is the operator's.
  public Optional<Grant> certified(String name) {
    return account(name)
        .map(account -> new Grant(account, Set.of(Permission.PUT, Permission.SYNC)));
  }

  private Grant grant(TokenEntry token) {
    Account account = Objects.requireNonNull(accounts.get(token.account()));
    return new Grant(account, token.permissions());
  }
}
