package eris.stores.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.Reference;
import eris.store.MemoryBlockStore;
import eris.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever the other side says: a clear error, bounded memory, nothing wrong stored.
@Timeout(30)
final class MisbehavingPeerTest {
  private static final String LEAST = "00".repeat(32);
  private static final String GREATEST = "ff".repeat(32);
  private static final String ALL = "00" + "0001" + "000000"; // ranges

  private static final MemorySegment WANTED = Script.block(BlockSize.KIB_1, 1);
  private static final MemorySegment OTHER = Script.block(BlockSize.KIB_1, 2);
  private static final MemorySegment LARGE = Script.block(BlockSize.KIB_32, 3);

  private final MemoryBlockStore store = new MemoryBlockStore();

  private static String hex(Reference reference) {
    return HexFormat.of().formatHex(SyncOutput.bytesOf(reference));
  }

  /// After the greeting, as an initiator that pushes.
  @ParameterizedTest
  @CsvSource({
    "09, 'message type 9'",
    "00, 'message type 0'",
    "02, 'DIGESTS where a question is due'",
    "05, 'BLOCKS where a question is due'",
    "06, 'DURABLE where a question is due'",
    "01 19 0001 000000 01, '1 ranges of 25 bits'",
    "01 00 0000 01, '0 ranges of 0 bits'",
    "01 00 0001 000000 00, '0 more bits of 1 ranges'",
    "01 00 0001 000000 09, '9 more bits of 1 ranges'",
    "01 18 0001 000000 01, '1 more bits of 1 ranges'",
    "01 04 0001 000010 01, 'ranges that do not ascend'",
    "01 04 0002 000003 000003 01, 'ranges that do not ascend'",
    "01 04 ffff, '65535 ranges of 4 bits'",
    "03 LEAST GREATEST 00 ffff, '65535 ranges of 0 bits'",
    "03 LEAST GREATEST ALL 01, '1 common bytes of references'",
    "03 LEAST GREATEST ALL 20, '32 common bytes of references'",
    "03 LEAST LEAST ALL 00 GREATEST, 'references that are too many, or in no range'",
    "03 LEAST GREATEST 01 0001 000001 00 LEAST, 'references that are too many, or in no range'",
    "03 LEAST GREATEST ALL 00 LEAST 1f 00, 'references that do not ascend'",
    "03 LEAST GREATEST ALL 00 GREATEST 1f fe, 'references that do not ascend'",
    "03 LEAST GREATEST ALL 00 LEAST 00 LEAST, 'references that do not ascend'",
  })
  void wrongQuestionsEndTheSession(String question, String detail) {
    String digits =
        question
            .replace("LEAST", LEAST)
            .replace("GREATEST", GREATEST)
            .replace("ALL", ALL)
            .replace(" ", "");
    byte[] said = new Script().hello(Script.BOTH, 1).hex(digits).toBytes();
    assertThatExceptionOfType(MalformedSync.class)
        .isThrownBy(() -> Script.respond(store, said))
        .withMessageContaining(detail)
        .satisfies(
            e -> {
              byte[] answers = ((Script.Answered) e.getSuppressed()[0]).bytes;
              assertThat(Arrays.copyOfRange(answers, answers.length - 2, answers.length))
                  .containsExactly(8, 1); // it was not understood
            });
    assertThat(store.count()).isZero();
  }

  @Test
  void aListThatDoesNotEndIsCutOff() {
    byte[] said =
        new Script()
            .hello(Script.BOTH, 1)
            .hex("03" + LEAST + GREATEST + ALL)
            .say(
                out -> {
                  var list = new ReferenceListWriter(out);
                  for (long i = 1; i <= Question.Have.MOST_REFERENCES + 1; i++) {
                    list.add(new Reference(i, 0, 0, 0));
                  }
                })
            .toBytes();
    assertThatExceptionOfType(MalformedSync.class)
        .isThrownBy(() -> Script.respond(store, said))
        .withMessageContaining("too many");
  }

  @ParameterizedTest
  @CsvSource({
    "45525358, 'no eris sync'",
    "48545450, 'no eris sync'",
    "4552535902, 'version 2, want 1'",
    "45525359 01 03 000102030405060708090a0b0c0d0e0f 1001, '4097 bytes of optional items'",
    "45525359 01 03 000102030405060708090a0b0c0d0e0f 0000 8000000000000000, 'a count of 2^63'",
  })
  void wrongGreetingsAreRefused(String greeting, String detail) {
    byte[] said = HexFormat.of().parseHex(greeting.replace(" ", ""));
    assertThatExceptionOfType(MalformedSync.class)
        .isThrownBy(() -> Script.respond(store, said))
        .withMessageContaining(detail);
  }

  /// Room for what comes later: unknown items and directions are passed over.
  @Test
  void optionalItemsArePassedOver() throws IOException {
    byte[] said =
        new Script()
            .hex(
                "45525359 01 ff 000102030405060708090a0b0c0d0e0f 0007 7f 0004 01020304"
                    .replace(" ", ""))
            .hex("0".repeat(48))
            .toBytes();
    assertThat(HexFormat.of().formatHex(Script.respond(store, said)))
        .isEqualTo("455253590103000102030405060708090a0b0c0d0e0f0000" + "0".repeat(48));
  }

  /// A responder asked for WANTED and gets something else.
  private byte[] afterHave(Script blocks) {
    String have = "03" + LEAST + GREATEST + ALL + "00" + hex(Reference.of(WANTED)) + "ff";
    return new Script()
        .hello(Set.of(Direction.PUSH), 1)
        .hex(have)
        .say(out -> out.write(blocks.toBytes()))
        .toBytes();
  }

  @Test
  void onlyBlocksThatWereAskedForAreStored() throws IOException {
    for (Script blocks :
        List.of(
            new Script().blocks(OTHER),
            new Script().blocks(LARGE),
            new Script().blocks(WANTED, WANTED),
            new Script().blocks(WANTED, OTHER))) {
      var empty = new MemoryBlockStore();
      assertThatExceptionOfType(MalformedSync.class)
          .isThrownBy(() -> Script.respond(empty, afterHave(blocks)));
      assertThat(empty.contains(Reference.of(OTHER))).isFalse();
      assertThat(empty.contains(Reference.of(LARGE))).isFalse();
    }
    Script.respond(store, afterHave(new Script().blocks(WANTED).hex("07")));
    assertThat(store.contains(Reference.of(WANTED))).isTrue();
  }

  @Test
  void anEndMarkThatIsNotTrueIsNoEnd() throws IOException {
    byte[] sound = afterHave(new Script().blocks(WANTED).hex("07"));
    for (int back = 2; back <= 25; back++) { // count and digest
      byte[] said = sound.clone();
      said[said.length - back] ^= 1;
      var target = new MemoryBlockStore();
      assertThatExceptionOfType(MalformedSync.class)
          .isThrownBy(() -> Script.respond(target, said))
          .satisfies(e -> assertThat(acknowledged(e)).isFalse());
    }
    assertThat(Script.respond(store, sound)).contains(6); // DURABLE
  }

  private static boolean acknowledged(IOException e) {
    byte[] answers = ((Script.Answered) e.getSuppressed()[0]).bytes;
    return answers.length > 48 + 2 + 2; // greeting, HELD, FAILED
  }

  @ParameterizedTest
  @CsvSource({"0b", "20", "01", "ff"})
  void blocksOfOtherSizesAreRefused(String code) {
    byte[] said = afterHave(new Script().hex("05" + code + "00".repeat(2048)));
    assertThatExceptionOfType(MalformedSync.class)
        .isThrownBy(() -> Script.respond(store, said))
        .withMessageContaining("no size of a block");
    assertThat(store.count()).isZero();
  }

  @Test
  void anAcknowledgementOfTooFewIsNone() {
    MemoryBlockStore full = Script.store(0, 3);
    byte[] answers =
        new Script()
            .hello(Set.of(Direction.PUSH), 0)
            .hex("0400" + "06" + "0".repeat(15) + "2")
            .toBytes();
    assertThatExceptionOfType(MalformedSync.class)
        .isThrownBy(() -> Script.initiate(full, Set.of(Direction.PUSH), answers))
        .withMessageContaining("2 blocks are durable, 3 were sent");
  }

  @ParameterizedTest
  @CsvSource({
    "0408, 'more blocks held than were listed'",
    "02, 'DIGESTS where HELD is due'",
    "07, 'BYE where HELD is due'",
    "05, 'BLOCKS where HELD is due'",
  })
  void wrongAnswersEndTheSession(String answer, String detail) {
    byte[] answers = new Script().hello(Set.of(Direction.PUSH), 9).hex(answer).toBytes();
    assertThatExceptionOfType(MalformedSync.class)
        .isThrownBy(() -> Script.initiate(Script.store(0, 3), Set.of(Direction.PUSH), answers))
        .withMessageContaining(detail);
  }

  /// A responder cannot send for ever: it told of one block.
  @Test
  void moreBlocksThanWereToldOfAreRefused() {
    byte[] answers = new Script().hello(Set.of(Direction.PULL), 1).blocks(WANTED, OTHER).toBytes();
    assertThatExceptionOfType(MalformedSync.class)
        .isThrownBy(() -> Script.initiate(store, Set.of(Direction.PULL), answers))
        .withMessageContaining("more blocks than were told of");
  }

  /// What the initiator holds is not sent to it, nor what it did not ask about.
  @Test
  void blocksThatWereListedAreRefused() {
    MemoryBlockStore holder = Script.store(1, 2);
    byte[] answers = new Script().hello(Set.of(Direction.PULL), 5).blocks(WANTED).toBytes();
    assertThatExceptionOfType(MalformedSync.class)
        .isThrownBy(() -> Script.initiate(holder, Set.of(Direction.PULL), answers))
        .withMessageContaining("which nobody asked for");
  }

  @Test
  void theSaltOfAnotherSessionIsRefused() {
    byte[] answers = new Script().hello(Script.BOTH, 1).toBytes();
    answers[10] ^= 1;
    assertThatExceptionOfType(MalformedSync.class)
        .isThrownBy(() -> Script.initiate(store, Script.BOTH, answers))
        .withMessageContaining("the salt of another session");
  }

  @ParameterizedTest
  @CsvSource({
    "00, 'the other side failed'",
    "01, 'the other side did not understand what it was sent'",
    "02, 'store on the other side refused: not allowed'",
    "03, 'store on the other side is full'",
    "04, 'store on the other side is read-only'",
    "63, 'the other side failed'",
  })
  void aFailureOfTheOtherSideHasItsName(String code, String message) {
    byte[] atOnce = HexFormat.of().parseHex("08" + code);
    assertThatThrownBy(() -> Script.initiate(store, Script.BOTH, atOnce)).hasMessage(message);
    byte[] later = new Script().hello(Script.BOTH, 1).hex("08" + code).toBytes();
    assertThatThrownBy(() -> Script.initiate(store, Script.BOTH, later)).hasMessage(message);
    byte[] amid = new Script().hello(Script.BOTH, 1).hex("0508" + code).toBytes();
    assertThatThrownBy(() -> Script.initiate(store, Script.BOTH, amid)).hasMessage(message);
  }

  @Test
  void silenceEndsTheSessionAsTheChannelSays() {
    InputStream silent =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new SocketTimeoutException("nothing for 30 s");
          }

          @Override
          public int read(byte[] target, int from, int count) throws IOException {
            return read();
          }
        };
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(
            () ->
                new Responder(
                        Script.synced(store), Script.BOTH, silent, OutputStream.nullOutputStream())
                    .run());
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(
            () -> {
              try (var initiator =
                  new Initiator(
                      Script.synced(store),
                      Script.BOTH,
                      new Random(1),
                      silent,
                      OutputStream.nullOutputStream())) {
                initiator.run();
              }
            });
  }

  @Test
  void lessThanAllDirectionsIsARefusal() {
    byte[] answers = new Script().say(new Hello(Set.of(), Script.SALT)::writeTo).toBytes();
    assertThatExceptionOfType(StoreException.Refused.class)
        .isThrownBy(() -> Script.initiate(store, Script.BOTH, answers))
        .withMessage("store on the other side refused: it grants []");
  }
}
