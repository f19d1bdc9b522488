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

  /// Salsa20/8: four times the columns and the rows of a square, each from its diagonal on. Written
  /// out, because nearly all the time goes here and sixteen variables stay in registers.
  private static void salsa(int[] chunk) {
    int x0 = chunk[0];
    int x1 = chunk[1];
    int x2 = chunk[2];
    int x3 = chunk[3];
    int x4 = chunk[4];
    int x5 = chunk[5];
    int x6 = chunk[6];
    int x7 = chunk[7];
    int x8 = chunk[8];
    int x9 = chunk[9];
    int x10 = chunk[10];
    int x11 = chunk[11];
    int x12 = chunk[12];
    int x13 = chunk[13];
    int x14 = chunk[14];
    int x15 = chunk[15];
    for (int i = 0; i < 4; i++) {
      x4 ^= Integer.rotateLeft(x0 + x12, 7);
      x8 ^= Integer.rotateLeft(x4 + x0, 9);
      x12 ^= Integer.rotateLeft(x8 + x4, 13);
      x0 ^= Integer.rotateLeft(x12 + x8, 18);
      x9 ^= Integer.rotateLeft(x5 + x1, 7);
      x13 ^= Integer.rotateLeft(x9 + x5, 9);
      x1 ^= Integer.rotateLeft(x13 + x9, 13);
      x5 ^= Integer.rotateLeft(x1 + x13, 18);
      x14 ^= Integer.rotateLeft(x10 + x6, 7);
      x2 ^= Integer.rotateLeft(x14 + x10, 9);
      x6 ^= Integer.rotateLeft(x2 + x14, 13);
      x10 ^= Integer.rotateLeft(x6 + x2, 18);
      x3 ^= Integer.rotateLeft(x15 + x11, 7);
      x7 ^= Integer.rotateLeft(x3 + x15, 9);
      x11 ^= Integer.rotateLeft(x7 + x3, 13);
      x15 ^= Integer.rotateLeft(x11 + x7, 18);
      x1 ^= Integer.rotateLeft(x0 + x3, 7);
      x2 ^= Integer.rotateLeft(x1 + x0, 9);
      x3 ^= Integer.rotateLeft(x2 + x1, 13);
      x0 ^= Integer.rotateLeft(x3 + x2, 18);
      x6 ^= Integer.rotateLeft(x5 + x4, 7);
      x7 ^= Integer.rotateLeft(x6 + x5, 9);
      x4 ^= Integer.rotateLeft(x7 + x6, 13);
      x5 ^= Integer.rotateLeft(x4 + x7, 18);
      x11 ^= Integer.rotateLeft(x10 + x9, 7);
      x8 ^= Integer.rotateLeft(x11 + x10, 9);
      x9 ^= Integer.rotateLeft(x8 + x11, 13);
      x10 ^= Integer.rotateLeft(x9 + x8, 18);
      x12 ^= Integer.rotateLeft(x15 + x14, 7);
      x13 ^= Integer.rotateLeft(x12 + x15, 9);
      x14 ^= Integer.rotateLeft(x13 + x12, 13);
      x15 ^= Integer.rotateLeft(x14 + x13, 18);
    }
    chunk[0] += x0;
    chunk[1] += x1;
    chunk[2] += x2;
    chunk[3] += x3;
    chunk[4] += x4;
    chunk[5] += x5;
    chunk[6] += x6;
    chunk[7] += x7;
    chunk[8] += x8;
    chunk[9] += x9;
    chunk[10] += x10;
    chunk[11] += x11;
    chunk[12] += x12;
    chunk[13] += x13;
    chunk[14] += x14;
    chunk[15] += x15;
  }
}
