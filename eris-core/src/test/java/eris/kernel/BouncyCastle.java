package eris.kernel;

import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.engines.ChaCha7539Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/// Somebody else's BLAKE2b and ChaCha20, one block at a time: what the kernels are tested against.
public final class BouncyCastle {
  private BouncyCastle() {}

  /// BLAKE2b-256 of `message` under `key`, of 0 or 32 bytes.
  public static byte[] hash(byte[] message, byte[] key) {
    var blake2b = key.length == 0 ? new Blake2bDigest(256) : new Blake2bDigest(key, 32, null, null);
    blake2b.update(message, 0, message.length);
    byte[] digest = new byte[32];
    blake2b.doFinal(digest, 0);
    return digest;
  }

  /// `bytes` XOR the ChaCha20 key stream from counter 0 on.
  public static byte[] applyKeystream(byte[] bytes, byte[] key, byte[] nonce) {
    byte[] result = new byte[bytes.length];
    var chacha20 = new ChaCha7539Engine();
    chacha20.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
    chacha20.processBytes(bytes, 0, bytes.length, result, 0);
    return result;
  }
}
