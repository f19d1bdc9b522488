package eris.server.access;

import eris.server.config.AccessSettings;
import eris.stores.Clock;
import eris.stores.WholeFile;
import java.io.IOException;
import java.nio.file.Path;

/// Gates for tests.
public final class Gates {
  /// No accounts, so no quotas, whose use would be written down.
  public static final AccessSettings NO_ACCOUNTS =
      new AccessSettings(AccessList.EMPTY, Path.of("not-written"));

  private Gates() {}

  /// Lets in who is at this machine.
  public static Gate withoutAccounts() throws IOException {
    var usage = new UsageFile(WholeFile.ofOwner(NO_ACCOUNTS.usage()));
    return new Gate(NO_ACCOUNTS.list(), new Budgets(usage, Clock.SYSTEM));
  }
}
