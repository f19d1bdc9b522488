package eris.retention;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes a key of a passphrase at a cost in memory and time (scrypt, RFC 7914): the JDK has only
/// functions that graphics cards guess through quickly.
final class Scrypt {
  private static final ValueLayout.OfInt WORD =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int CHUNK_WORDS = 16; // what Salsa20 works on

  private final int chunks; // in a block: 2 r
  private final int[] block;
  private final int[] mixed;
  private final int[] table; // N blocks: 128 r N bytes

  private Scrypt(int logCost, int blockFactor) {
    chunks = 2 * blockFactor;
    block = new int[chunks * CHUNK_WORDS];
    mixed = new int[block.length];
    table = new int[Math.multiplyExact(block.length, 1 << logCost)];
  }

  /// Derives `keyBytes` bytes.
  ///
  /// @param passphrase not empty
  /// @param logCost the binary logarithm of N
  /// @param blockFactor r
  /// @param parallelism p
  static byte[] derive(
      byte[] passphrase, byte[] salt, int logCost, int blockFactor, int parallelism, int keyBytes) {
    int lengthBytes = 128 * blockFactor;
    byte[] blocks = pbkdf2(passphrase, salt, parallelism * lengthBytes);
    var scrypt = new Scrypt(logCost, blockFactor);
    for (int i = 0; i < parallelism; i++) {
      scrypt.mix(MemorySegment.ofArray(blocks).asSlice((long) i * lengthBytes, lengthBytes));
    }
    return pbkdf2(passphrase, blocks, keyBytes);
  }

  /// PBKDF2-HMAC-SHA256 with one iteration, as scrypt wants it.
  private static byte[] pbkdf2(byte[] passphrase, byte[] salt, int bytes) {
    byte[] result = new byte[bytes];
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(passphrase, "HmacSHA256"));
      for (int i = 0; i * mac.getMacLength() < bytes; i++) {
        mac.update(salt);
        byte[] part = mac.doFinal(new byte[] {0, 0, (byte) ((i + 1) >>> 8), (byte) (i + 1)});
        int offset = i * part.length;
        System.arraycopy(part, 0, result, offset, Math.min(part.length, bytes - offset));
      }
      return result;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /// ROMix.
  private void mix(MemorySegment bytes) {
    MemorySegment.copy(bytes, WORD, 0, block, 0, block.length);
    int costMask = table.length / block.length - 1;
    for (int i = 0; i <= costMask; i++) {
      System.arraycopy(block, 0, table, i * block.length, block.length);
      mixBlock();
    }
    for (int i = 0; i <= costMask; i++) {
      int at = (block[block.length - CHUNK_WORDS] & costMask) * block.length;
      for (int j = 0; j < block.length; j++) {
        block[j] ^= table[at + j];
      }
      mixBlock();
    }
    MemorySegment.copy(block, 0, bytes, WORD, 0, block.length);
  }

  /// BlockMix: each chunk with the one before it; those of even number come first.
  private void mixBlock() {
    int[] chunk = new int[CHUNK_WORDS];
    System.arraycopy(block, block.length - CHUNK_WORDS, chunk, 0, CHUNK_WORDS);
    for (int i = 0; i < chunks; i++) {
      for (int j = 0; j < CHUNK_WORDS; j++) {
        chunk[j] ^= block[i * CHUNK_WORDS + j];
      }
      salsa(chunk);
      int place = i / 2 + i % 2 * (chunks / 2);
      System.arraycopy(chunk, 0, mixed, place * CHUNK_WORDS, CHUNK_WORDS);
    }
    System.arraycopy(mixed, 0, block, 0, block.length);
  }

  /// Salsa20/8: four times the columns and the rows of a square, each from its diagonal on.
  private static void salsa(int[] chunk) {
    int[] x = chunk.clone();
    for (int i = 0; i < 4; i++) {
      quarter(x, 0, 4, 8, 12);
      quarter(x, 5, 9, 13, 1);
      quarter(x, 10, 14, 2, 6);
      quarter(x, 15, 3, 7, 11);
      quarter(x, 0, 1, 2, 3);
      quarter(x, 5, 6, 7, 4);
      quarter(x, 10, 11, 8, 9);
      quarter(x, 15, 12, 13, 14);
    }
    for (int i = 0; i < CHUNK_WORDS; i++) {
      chunk[i] += x[i];
    }
  }

  private static void quarter(int[] x, int a, int b, int c, int d) {
    x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
    x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
    x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
    x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
  }
}
