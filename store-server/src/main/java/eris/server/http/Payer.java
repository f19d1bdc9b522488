package eris.server.http;

import eris.server.access.Account;
import eris.server.access.Budgets;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Who pays for many blocks, one after the other. An account with a rate waits for it. Safe for
/// concurrent use.
final class Payer {
  static final Duration MOST_PAUSE = Duration.ofSeconds(10);

  private final Budgets budgets;
  private final Optional<Account> account;

  /// @param account none for who need not pay
  Payer(Budgets budgets, Optional<Account> account) {
    this.budgets = budgets;
    this.account = account;
  }

  /// The account may not put so much, or not so soon.
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;
    private final transient Budgets.Answer answer;

    Refused(Budgets.Answer answer) {
      super("the account may not put so much");
      this.answer = answer;
    }

    Budgets.Answer answer() {
      return answer;
    }
  }

  /// Pays for a block, which may take until its account has room.
  ///
  /// @throws Refused if that is too long, or the quota is used up
  void pay(long bytes) throws IOException {
    if (account.isEmpty()) {
      return;
    }
    Budgets.Answer answer = budgets.spend(account.get(), bytes);
    while (answer instanceof Budgets.Answer.TooFast(Duration pause)
        && pause.compareTo(MOST_PAUSE) <= 0) {
      pause(pause);
      answer = budgets.spend(account.get(), bytes);
    }
    if (!(answer instanceof Budgets.Answer.Granted)) {
      throw new Refused(answer);
    }
  }

  private static void pause(Duration pause) throws IOException {
    try {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for an account's rate");
    }
  }

  /// Gives back what was not put after all.
  void refund(long bytes) {
    account.ifPresent(payer -> budgets.refund(payer, bytes));
  }
}
