// What the other pipelines are checked against: the RFCs as they read, little-endian machines only.
#include <string.h>

#include "blake2b.h"
#include "chacha20.h"
#include "leaf.h"

static uint64_t ror(uint64_t x, int n) { return x >> n | x << (64 - n); }
static uint32_t rol(uint32_t x, int n) { return x << n | x >> (32 - n); }

static void mix(uint64_t *v, int a, int b, int c, int d, uint64_t x, uint64_t y) {
  v[a] += v[b] + x;
  v[d] = ror(v[d] ^ v[a], 32);
  v[c] += v[d];
  v[b] = ror(v[b] ^ v[c], 24);
  v[a] += v[b] + y;
  v[d] = ror(v[d] ^ v[a], 16);
  v[c] += v[d];
  v[b] = ror(v[b] ^ v[c], 63);
}

static void compress(uint64_t *h, const uint8_t *message, uint64_t bytes, int last) {
  uint64_t v[16], m[16];
  memcpy(m, message, sizeof m);
  memcpy(v, h, sizeof v / 2);
  memcpy(v + 8, IV, sizeof IV);
  v[12] ^= bytes;
  v[14] ^= last ? ~0ULL : 0;
  for (int round = 0; round < 12; round++) {
    const uint8_t *s = SIGMA[round];
    for (int i = 0; i < 4; i++) {
      mix(v, i, 4 + i, 8 + i, 12 + i, m[s[2 * i]], m[s[2 * i + 1]]);
    }
    for (int i = 0; i < 4; i++) {
      mix(v, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[s[8 + 2 * i]],
          m[s[9 + 2 * i]]);
    }
  }
  for (int i = 0; i < 8; i++) {
    h[i] ^= v[i] ^ v[8 + i];
  }
}

// `key` is null or has 32 bytes; `length` is a multiple of 128.
static void hash(uint8_t *digest, const uint8_t *message, size_t length, const uint8_t *key) {
  uint64_t h[8];
  memcpy(h, IV, sizeof h);
  h[0] ^= parameters(key ? KEY_BYTES : 0, HASH_BYTES);
  uint64_t bytes = 0;
  if (key) {
    uint8_t first[128] = {0};
    memcpy(first, key, KEY_BYTES);
    compress(h, first, bytes += 128, 0);
  }
  for (size_t i = 0; i < length; i += 128) {
    compress(h, message + i, bytes += 128, i + 128 == length);
  }
  memcpy(digest, h, HASH_BYTES);
}

static void quarter_round(uint32_t *x, int a, int b, int c, int d) {
  x[a] += x[b];
  x[d] = rol(x[d] ^ x[a], 16);
  x[c] += x[d];
  x[b] = rol(x[b] ^ x[c], 12);
  x[a] += x[b];
  x[d] = rol(x[d] ^ x[a], 8);
  x[c] += x[d];
  x[b] = rol(x[b] ^ x[c], 7);
}

static void apply_keystream(uint8_t *block, size_t length, const uint8_t *key) {
  uint32_t state[16] = {0};
  memcpy(state, EXPAND_32_BYTE_K, sizeof EXPAND_32_BYTE_K);
  memcpy(state + 4, key, KEY_BYTES);
  for (size_t i = 0; i < length; i += 64, state[12]++) {
    uint32_t x[16];
    memcpy(x, state, sizeof x);
    for (int round = 0; round < 10; round++) {
      for (int j = 0; j < 4; j++) {
        quarter_round(x, j, 4 + j, 8 + j, 12 + j);
      }
      for (int j = 0; j < 4; j++) {
        quarter_round(x, j, 4 + (j + 1) % 4, 8 + (j + 2) % 4, 12 + (j + 3) % 4);
      }
    }
    for (int j = 0; j < 16; j++) {
      uint32_t word;
      memcpy(&word, block + i + 4 * j, 4);
      word ^= x[j] + state[j];
      memcpy(block + i + 4 * j, &word, 4);
    }
  }
}

void portable_encode(uint8_t *leaves, size_t block_bytes, size_t count, const uint8_t *secret,
                     uint8_t *pairs) {
  for (size_t i = 0; i < count; i++) {
    uint8_t *leaf = leaves + i * block_bytes, *reference = pairs + i * PAIR_BYTES;
    uint8_t *key = reference + HASH_BYTES;
    hash(key, leaf, block_bytes, secret);
    apply_keystream(leaf, block_bytes, key);
    hash(reference, leaf, block_bytes, NULL);
  }
}

size_t portable_decode(uint8_t *blocks, size_t block_bytes, size_t count, const uint8_t *pairs) {
  size_t corrupt = 0;
  for (size_t i = 0; i < count; i++) {
    uint8_t *block = blocks + i * block_bytes, digest[HASH_BYTES];
    const uint8_t *reference = pairs + i * PAIR_BYTES;
    hash(digest, block, block_bytes, NULL);
    if (memcmp(digest, reference, HASH_BYTES)) {
      corrupt++;
    } else {
      apply_keystream(block, block_bytes, reference + HASH_BYTES);
    }
  }
  return corrupt;
}
