package eris.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import eris.stores.AccessToken;
import eris.stores.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccessTest {
  private static final AccessToken TOKEN = AccessToken.generate(new Random(1));
  private static final AccessToken OTHER = AccessToken.generate(new Random(2));
  private static final Account ALICE =
      new Account("alice", OptionalLong.of(1 << 20), OptionalLong.of(1000));
  private static final Account BOB = new Account("bob", OptionalLong.empty(), OptionalLong.empty());
  private static final TokenEntry ENTRY =
      new TokenEntry(
          TOKEN.hash(), "alice", Set.of(Permission.PUT, Permission.SYNC), "the build machine");
  private static final AccessList LIST = AccessList.EMPTY.with(BOB).with(ALICE).with(ENTRY);

  @TempDir Path home;

  private AccessFile file() {
    return new AccessFile(home.resolve("config/access"));
  }

  private void change(UnaryOperator<AccessList> change) throws IOException {
    file().update(list -> Optional.of(change.apply(list)), Writer.named("test"));
  }

  @Test
  void tokenThatWasGivenOpensWhatItSays() {
    Grant grant = LIST.grant(AccessToken.parse(TOKEN.reveal())).orElseThrow();
    assertThat(grant.account()).isEqualTo(ALICE);
    assertThat(grant.permissions()).containsExactlyInAnyOrder(Permission.PUT, Permission.SYNC);
    assertThat(LIST.grant(OTHER)).isEmpty();
  }

  @Test
  void tokenThatWasTakenBackOpensNothing() {
    assertThat(LIST.without(ENTRY).grant(TOKEN)).isEmpty();
    assertThat(LIST.without(ALICE).grant(TOKEN)).isEmpty();
    assertThat(LIST.without(ALICE).with(ALICE).grant(TOKEN)).isEmpty();
    assertThat(LIST.without(BOB).grant(TOKEN)).isPresent();
  }

  @Test
  void accountThatIsReplacedKeepsItsTokens() {
    var richer = new Account("alice", OptionalLong.empty(), OptionalLong.empty());
    assertThat(LIST.with(richer).grant(TOKEN).orElseThrow().account()).isEqualTo(richer);
  }

  @Test
  void tokenOfNobodyIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> AccessList.EMPTY.with(ENTRY));
  }

  @Test
  void fileHoldsAllButTheTokensThemselves() throws IOException {
    change(_ -> LIST);
    Path path = home.resolve("config/access");
    String text = Files.readString(path);
    assertThat(text)
        .isEqualTo(
            """
            eris access 1
            account bob
            account alice quota=1048576 rate=1000
            token %s alice put,sync the build machine
            """
                .formatted(TOKEN.hash()));
    assertThat(text).doesNotContain(TOKEN.reveal(), TOKEN.reveal().substring(11, 30));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    AccessList read = file().read();
    assertThat(read.accounts()).containsExactly(BOB, ALICE);
    assertThat(read.tokens()).containsExactly(ENTRY);
  }

  @Test
  void withoutAFileNobodyIsLetIn() throws IOException {
    assertThat(file().read().grant(TOKEN)).isEmpty();
  }

  @Test
  void failedChangeLeavesTheFileAsItWas() throws IOException {
    change(_ -> LIST);
    var stray = new TokenEntry(OTHER.hash(), "carol", Set.of(Permission.ADMIN), "");
    assertThatIllegalArgumentException().isThrownBy(() -> change(list -> list.with(stray)));
    assertThat(file().read().tokens()).containsExactly(ENTRY);
  }

  @Test
  void changesOfManyAtATimeAreAllThere() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> changes =
          IntStream.range(0, 40)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            change(list -> list.with(account("a" + i)));
                            return null;
                          }))
              .toList();
      for (Future<?> change : changes) {
        change.get();
      }
    }
    assertThat(file().read().accounts()).hasSize(40);
  }

  private static Account account(String name) {
    return new Account(name, OptionalLong.empty(), OptionalLong.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|eris access 2",
        "1|''",
        "2|eris access 1\\nuser alice",
        "2|eris access 1\\naccount",
        "2|eris access 1\\naccount Alice",
        "2|eris access 1\\naccount alice quota=",
        "2|eris access 1\\naccount alice quota=-1",
        "2|eris access 1\\naccount alice rate=0",
        "2|eris access 1\\naccount alice size=5",
        "3|eris access 1\\naccount alice\\ntoken HASH alice",
        "3|eris access 1\\naccount alice\\ntoken HASH alice put",
        "3|eris access 1\\naccount alice\\ntoken %s bob put",
        "3|eris access 1\\naccount alice\\ntoken %s alice put,write",
        "3|eris access 1\\naccount alice\\ntoken %s alice ,",
      })
  void wrongFileIsRefusedByLine(int line, String text) throws IOException {
    Path path = home.resolve("access");
    Files.writeString(path, text.replace("\\n", "\n").replace("%s", TOKEN.hash()));
    assertThatExceptionOfType(MalformedAccess.class)
        .isThrownBy(() -> new AccessFile(path).read())
        .withMessageStartingWith("%s, line %d: ", path, line);
  }

  @Test
  void tokensAreSecretAndAllDiffer() {
    assertThat(TOKEN.reveal()).matches("eris-token-[A-Z2-7]{52}").isNotEqualTo(OTHER.reveal());
    assertThat(TOKEN).hasToString("AccessToken[redacted]");
    String wrong = TOKEN.reveal().toLowerCase(java.util.Locale.ROOT);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AccessToken.parse(wrong))
        .withMessageNotContaining(wrong.substring(11, 20));
  }

  /// SHA-256 of the text, by another program.
  @Test
  void hashIsThatOfTheText() {
    String text = "eris-token-" + "A".repeat(52);
    assertThat(AccessToken.parse(text).hash())
        .isEqualTo("NXBHIMSCMLPH3PIA5544XQANNCZDFN4NZTLXKIEHGFR435RX7WQA");
  }
}
