// The pipeline on libsodium: one block after the other.
#include <sodium.h>
#include <string.h>

#include "leaf.h"

static const uint8_t NONCE[crypto_stream_chacha20_ietf_NONCEBYTES];

void sodium_encode(uint8_t *leaves, size_t block_bytes, size_t count, const uint8_t *secret,
                   uint8_t *pairs) {
  for (size_t i = 0; i < count; i++) {
    uint8_t *leaf = leaves + i * block_bytes, *reference = pairs + i * PAIR_BYTES;
    uint8_t *key = reference + HASH_BYTES;
    crypto_generichash(key, HASH_BYTES, leaf, block_bytes, secret, KEY_BYTES);
    crypto_stream_chacha20_ietf_xor(leaf, leaf, block_bytes, NONCE, key);
    crypto_generichash(reference, HASH_BYTES, leaf, block_bytes, NULL, 0);
  }
}

size_t sodium_decode(uint8_t *blocks, size_t block_bytes, size_t count, const uint8_t *pairs) {
  size_t corrupt = 0;
  for (size_t i = 0; i < count; i++) {
    uint8_t *block = blocks + i * block_bytes, digest[HASH_BYTES];
    const uint8_t *reference = pairs + i * PAIR_BYTES;
    crypto_generichash(digest, HASH_BYTES, block, block_bytes, NULL, 0);
    if (memcmp(digest, reference, HASH_BYTES)) {
      corrupt++;
    } else {
      crypto_stream_chacha20_ietf_xor(block, block, block_bytes, NONCE, reference + HASH_BYTES);
    }
  }
  return corrupt;
}
