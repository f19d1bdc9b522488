package eris.image.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Damage by structure: each field of a file is made wrong, and reader and rewriter give an answer or
/// one of their two exceptions, never another.
final class ElfDamageTest {
  private static final ElfEdits EDITS =
      ElfEdits.none()
          .withNeeded(Map.of("liba.so", "eris-a-much-longer-name", "libb.so", "liba.so"))
          .withSoname("libnew.so")
          .withInterpreter("/another/loader.so")
          .withRunPath(new ElfEdits.RunPath.Set("/there"));

  static byte[] sound(int bits, ByteOrder order) {
    return SyntheticElf.of(bits, order)
        .interpreter("/lib/ld.so")
        .needed("liba.so", "libb.so")
        .soname("libx.so")
        .runpath("/here")
        .versions("liba.so", "A_1", "A_2")
        .versions("libb.so", "B_1")
        .build();
  }

  @ParameterizedTest
  @MethodSource("eris.image.elf.ElfFileTest#shapes")
  void everyFieldMayBeAnything(int bits, ByteOrder order) throws IOException {
    byte[] sound = sound(bits, order);
    assertThat(outcome(sound)).isEqualTo("rewritten");
    List<String> outcomes = new ArrayList<>();
    for (int at = 0; at < sound.length; at += 2) {
      for (int size = 2; size <= bits / 8 && at % size == 0; size *= 2) {
        for (byte[] damaged : damaged(sound, at, size, order)) {
          outcomes.add(outcome(damaged));
        }
      }
    }
    assertThat(outcomes).contains("rewritten", "malformed", "refused");
  }

  /// The field of `size` bytes as 0, all ones, one more, one less, and the file's length.
  private static List<byte[]> damaged(byte[] sound, int at, int size, ByteOrder order) {
    long value = get(sound, at, size, order);
    List<byte[]> all = new ArrayList<>();
    if (value == 0 && at > 64 + 5 * 56 && at < SyntheticElf.PAGE - size && sound[at - 1] == 0) {
      return all; // padding
    }
    for (long wrong : new long[] {0, -1, value + 1, value - 1, sound.length, Long.MIN_VALUE}) {
      byte[] damaged = sound.clone();
      put(damaged, at, size, order, wrong);
      all.add(damaged);
    }
    return all;
  }

  private static long get(byte[] bytes, int at, int size, ByteOrder order) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      int place = order == ByteOrder.BIG_ENDIAN ? i : size - 1 - i;
      value = value << 8 | bytes[at + place] & 0xff;
    }
    return value;
  }

  private static void put(byte[] bytes, int at, int size, ByteOrder order, long value) {
    for (int i = 0; i < size; i++) {
      int place = order == ByteOrder.BIG_ENDIAN ? size - 1 - i : i;
      bytes[at + place] = (byte) (value >> 8 * i);
    }
  }

  @Test
  void bytesMayBeAnything() throws IOException {
    byte[] sound = sound(64, ByteOrder.LITTLE_ENDIAN);
    for (long seed = 0; seed < 5_000; seed++) {
      var random = new Random(seed);
      byte[] damaged = sound.clone();
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        damaged[random.nextInt(random.nextBoolean() ? 1024 : damaged.length)] =
            (byte) random.nextInt();
      }
      try {
        outcome(damaged);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /// Also that whatever is rewritten reads as meant: the rewriter says so of itself.
  static String outcome(byte[] bytes) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ElfFile file = ElfFile.read(MemorySegment.ofArray(bytes));
      GenodeRules.check(file);
      ElfRewriter.of(file, EDITS).toMemory(arena);
      return "rewritten";
    } catch (MalformedElf e) {
      assertThat(e).hasMessageStartingWith("malformed ELF at byte ");
      return "malformed";
    } catch (RefusedRewrite e) {
      return "refused";
    }
  }
}
