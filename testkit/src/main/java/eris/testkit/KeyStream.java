package eris.testkit;

import eris.Reference;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Content of any size that nobody has to store: the ChaCha20 key stream (RFC 8439, zero nonce,
/// counter from 0) under the BLAKE2b-256 hash of a name. So the ERIS specification defines its large
/// contents.
public final class KeyStream implements ReadableByteChannel {
  /// All that a 32-bit counter of 64-byte blocks can make.
  public static final long MAX_BYTES = 1L << 38;

  private static final int CHACHA20_BLOCK_BYTES = 64;
  private static final int CHUNK_BYTES = 1 << 16;

  /// The JDK's cipher counts up to the last block and refuses to make it: so no cipher goes that far.
  private static final long BYTES_PER_CIPHER = 1L << 30;

  private static final byte[] ZEROS = new byte[CHUNK_BYTES];

  private final SecretKeySpec key;
  private final long sizeBytes;
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private Cipher cipher;
  private long position;
  private boolean open = true;

  /// The first `sizeBytes` of the key stream of `name`.
  public KeyStream(String name, long sizeBytes) {
    if (sizeBytes < 0 || sizeBytes > MAX_BYTES) {
      throw new IllegalArgumentException("no key stream has %d bytes".formatted(sizeBytes));
    }
    // A reference is just the hash that is wanted here.
    byte[] hash = new byte[Reference.BYTES];
    Reference.of(MemorySegment.ofArray(name.getBytes(StandardCharsets.UTF_8)))
        .writeTo(MemorySegment.ofArray(hash), 0);
    this.key = new SecretKeySpec(hash, "ChaCha20");
    this.sizeBytes = sizeBytes;
    this.cipher = cipherAt(0);
  }

  /// All of a small key stream.
  public static byte[] bytes(String name, int sizeBytes) {
    var bytes = ByteBuffer.allocate(sizeBytes);
    try (var stream = new KeyStream(name, sizeBytes)) {
      while (bytes.hasRemaining()) {
        stream.read(bytes);
      }
    } catch (ClosedChannelException e) {
      throw new IllegalStateException(e);
    }
    return bytes.array();
  }

  /// How many bytes were read.
  public long position() {
    return position;
  }

  @Override
  public int read(ByteBuffer target) throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (position == sizeBytes) {
      return -1;
    }
    int before = target.remaining();
    while (target.hasRemaining() && position < sizeBytes) {
      readChunk(target);
    }
    return before - target.remaining();
  }

  private void readChunk(ByteBuffer target) {
    if (position % BYTES_PER_CIPHER == 0) {
      cipher = cipherAt(position);
    }
    long left = Math.min(sizeBytes - position, BYTES_PER_CIPHER - position % BYTES_PER_CIPHER);
    int count = (int) Math.min(left, Math.min(CHUNK_BYTES, target.remaining()));
    try {
      cipher.update(ZEROS, 0, count, chunk);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    target.put(chunk, 0, count);
    position += count;
  }

  private Cipher cipherAt(long position) {
    int counter = (int) (position / CHACHA20_BLOCK_BYTES); // unsigned
    try {
      Cipher cipher = Cipher.getInstance("ChaCha20");
      cipher.init(Cipher.ENCRYPT_MODE, key, new ChaCha20ParameterSpec(new byte[12], counter));
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
