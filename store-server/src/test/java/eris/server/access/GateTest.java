package eris.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import eris.server.access.Gate.Decision;
import eris.stores.AccessToken;
import eris.stores.Clock;
import eris.stores.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GateTest {
  private static final AccessToken TOKEN = AccessToken.generate(new Random(1));
  private static final Account ALICE =
      new Account("alice", OptionalLong.empty(), OptionalLong.empty());
  private static final AccessList LIST =
      AccessList.EMPTY.with(ALICE).with(TokenEntry.of(TOKEN, "alice", Set.of(Permission.PUT), ""));
  private static final Decision ALICE_COMES = new Decision.Welcome(Optional.of(ALICE));
  private static final Decision STRANGER = new Decision.Stranger();

  @TempDir Path home;
  private Gate gate;

  @BeforeEach
  void build() throws IOException {
    gate =
        new Gate(
            LIST,
            new Budgets(new UsageFile(WholeFile.ofOwner(home.resolve("usage"))), Clock.SYSTEM));
  }

  private Decision decide(boolean isLocal, String authorization, Permission wanted) {
    return gate.decide(isLocal, Optional.of(authorization), wanted);
  }

  @Test
  void whoIsAtThisMachineNeedsNoToken() {
    assertThat(gate.decide(true, Optional.empty(), Permission.ADMIN))
        .isEqualTo(new Decision.Welcome(Optional.empty()));
    assertThat(gate.decide(false, Optional.empty(), Permission.PUT)).isEqualTo(STRANGER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer %s", "bearer %s", "Bearer  %s "})
  void tokenLetsInForWhatItAllows(String header) {
    String shown = header.formatted(TOKEN.reveal());
    assertThat(decide(false, shown, Permission.PUT)).isEqualTo(ALICE_COMES);
    assertThat(decide(true, shown, Permission.PUT)).isEqualTo(ALICE_COMES);
    assertThat(decide(false, shown, Permission.SYNC)).isEqualTo(new Decision.NotAllowed());
  }

  /// Somebody who means to be an account is not taken for nobody.
  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic YTpi", "Bearer eris-token-AAAA", "%s"})
  void whatIsNoTokenLetsNobodyIn(String header) {
    String shown = header.formatted(TOKEN.reveal());
    assertThat(decide(false, shown, Permission.PUT)).isEqualTo(STRANGER);
    assertThat(decide(true, shown, Permission.PUT)).isEqualTo(STRANGER);
  }

  @Test
  void tokenThatIsTakenBackLetsNobodyIn() {
    gate.apply(AccessList.EMPTY.with(ALICE));
    assertThat(decide(false, "Bearer " + TOKEN.reveal(), Permission.PUT)).isEqualTo(STRANGER);
  }
}
