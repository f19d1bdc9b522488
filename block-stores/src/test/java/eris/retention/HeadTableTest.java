package eris.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.Key;
import eris.ReadCapability;
import eris.Reference;
import eris.ReferenceKeyPair;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class HeadTableTest {
  private final Account account = Account.generate();
  private final Head head = Head.sign(account, 7, 100, list(1));

  @Test
  void tableComesBackAsItWas() throws IOException {
    HeadTable table = HeadTable.EMPTY.with(head).with(Head.sign(Account.generate(), 1, 0, list(2)));
    HeadTable decoded = HeadTable.decode(table.encode());
    assertThat(decoded).isEqualTo(table);
    assertThat(decoded.of(account.id())).contains(head);
    assertThat(table.without(account.id()).all()).hasSize(1);
    assertThat(HeadTable.decode(new byte[0]).all()).isEmpty();
  }

  @Test
  void everyFlippedBitIsSeen() {
    byte[] encoded = HeadTable.EMPTY.with(head).encode();
    for (int bit = 0; bit < 8 * encoded.length; bit++) {
      byte[] damaged = encoded.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> HeadTable.decode(damaged))
          .as("bit %d", bit)
          .isInstanceOf(DamagedLiveSet.class);
    }
  }

  @Test
  void everyCutIsSeen() {
    byte[] encoded = HeadTable.EMPTY.with(head).encode();
    for (int length = 1; length < encoded.length; length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThatThrownBy(() -> HeadTable.decode(cut)).isInstanceOf(DamagedLiveSet.class);
    }
  }

  @Test
  void onlyTheAccountSigns() {
    Account other = Account.generate();
    assertThat(head.isAuthentic()).isTrue();
    assertThat(new Head(other.id(), 7, 100, head.list(), head.signature()).isAuthentic()).isFalse();
    assertThat(new Head(account.id(), 8, 100, head.list(), head.signature()).isAuthentic())
        .isFalse();
    assertThat(new Head(account.id(), 7, 99, head.list(), head.signature()).isAuthentic())
        .isFalse();
    assertThat(new Head(account.id(), 7, 100, list(2), head.signature()).isAuthentic()).isFalse();
  }

  @Test
  void accountIsKeptByItsSeed() {
    Account same = Account.of(account.id(), account.seed());
    assertThat(Head.sign(same, 7, 100, list(1))).isEqualTo(head);
    assertThat(AccountId.parse(account.id().toString())).isEqualTo(account.id());
    assertThatThrownBy(() -> Account.of(account.id(), Account.generate().seed()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AccountId.parse("A")).isInstanceOf(IllegalArgumentException.class);
  }

  private static ReadCapability list(int number) {
    return new ReadCapability(
        BlockSize.KIB_1,
        0,
        new ReferenceKeyPair(
            new Reference(number, 0, 0, 1),
            Key.readFrom(MemorySegment.ofArray(new byte[Key.BYTES]), 0)));
  }
}
