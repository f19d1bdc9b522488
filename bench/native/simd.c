// The pipelines on vectors of LANES 64-bit lanes: 8 (AVX-512) or 4 (AVX2).
//
// BLAKE2b has one block per lane. Its chain of dependent operations leaves most of the vector units
// idle, so STATES independent states advance side by side, in hashing as in ChaCha20. The functions
// defined are ENCODE and DECODE.
#include <string.h>

#include "blake2b.h"
#include "chacha20.h"
#include "leaf.h"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("unroll")

enum { VECTOR_BYTES = 8 * LANES, COUNTERS = 2 * LANES };

typedef uint64_t V __attribute__((vector_size(VECTOR_BYTES)));
typedef uint32_t W __attribute__((vector_size(VECTOR_BYTES)));
typedef V Unaligned __attribute__((aligned(1), may_alias));

INLINE V load(const void *from) { return *(const Unaligned *)from; }
INLINE void store(void *to, V v) { *(Unaligned *)to = v; }
INLINE V broadcast(uint64_t x) { return (V){} + x; }
INLINE W broadcast32(uint32_t x) { return (W){} + x; }

INLINE V ror(V x, int n) { return x >> n | x << (64 - n); }
INLINE W rol(W x, int n) { return x << n | x >> (32 - n); }

// ---- transposition: `to[w]` has word w of each lane's block, whose rows are `stride` apart

#if LANES == 8
#define ASCENDING ((W){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31)
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14)
#define HIGH(a, b) __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15)
#define EVEN_PAIRS(a, b) __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13)
#define ODD_PAIRS(a, b) __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15)

INLINE void transpose(V *to, const V *r) {
  V l0 = LOW(r[0], r[1]), h0 = HIGH(r[0], r[1]), l1 = LOW(r[2], r[3]), h1 = HIGH(r[2], r[3]);
  V l2 = LOW(r[4], r[5]), h2 = HIGH(r[4], r[5]), l3 = LOW(r[6], r[7]), h3 = HIGH(r[6], r[7]);
  V e0 = EVEN_PAIRS(l0, l1), e1 = EVEN_PAIRS(l2, l3), o0 = ODD_PAIRS(l0, l1);
  V o1 = ODD_PAIRS(l2, l3), f0 = EVEN_PAIRS(h0, h1), f1 = EVEN_PAIRS(h2, h3);
  V p0 = ODD_PAIRS(h0, h1), p1 = ODD_PAIRS(h2, h3);
  to[0] = EVEN_PAIRS(e0, e1), to[4] = ODD_PAIRS(e0, e1);
  to[1] = EVEN_PAIRS(f0, f1), to[5] = ODD_PAIRS(f0, f1);
  to[2] = EVEN_PAIRS(o0, o1), to[6] = ODD_PAIRS(o0, o1);
  to[3] = EVEN_PAIRS(p0, p1), to[7] = ODD_PAIRS(p0, p1);
}
#else
#define ASCENDING ((W){0, 1, 2, 3, 4, 5, 6, 7})
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15)
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 4, 2, 6)
#define HIGH(a, b) __builtin_shufflevector(a, b, 1, 5, 3, 7)

INLINE void transpose(V *to, const V *r) {
  V l0 = LOW(r[0], r[1]), h0 = HIGH(r[0], r[1]), l1 = LOW(r[2], r[3]), h1 = HIGH(r[2], r[3]);
  to[0] = __builtin_shufflevector(l0, l1, 0, 1, 4, 5);
  to[1] = __builtin_shufflevector(h0, h1, 0, 1, 4, 5);
  to[2] = __builtin_shufflevector(l0, l1, 2, 3, 6, 7);
  to[3] = __builtin_shufflevector(h0, h1, 2, 3, 6, 7);
}
#endif

INLINE void transpose_in(V *to, const uint8_t *blocks, size_t stride) {
  UNROLL for (int part = 0; part < 16 / LANES; part++) {
    V rows[LANES];
    UNROLL for (int i = 0; i < LANES; i++) {
      rows[i] = load(blocks + i * stride + part * VECTOR_BYTES);
    }
    transpose(to + part * LANES, rows);
  }
}

// ---- the two mixing functions, a quarter of a round at a time: the first or second half of the
// four columns (quarters 0 and 1), then of the four diagonals (2 and 3)

#define EACH UNROLL for (int i = 0; i < 4; i++)
#define A i
#define B (4 + (i + quarter / 2) % 4)
#define C (8 + (i + quarter / 2 * 2) % 4)
#define D (12 + (i + quarter / 2 * 3) % 4)

INLINE void blake_quarter(V *v, const V *m, const uint8_t *sigma, int quarter) {
  int half = quarter % 2;
  EACH v[A] = v[A] + m[sigma[quarter / 2 * 8 + 2 * i + half]] + v[B];
  EACH v[D] = ror(v[D] ^ v[A], half == 0 ? 32 : 16);
  EACH v[C] += v[D];
  EACH v[B] = ror(v[B] ^ v[C], half == 0 ? 24 : 63);
}

INLINE void chacha_quarter(W *x, int quarter) {
  int half = quarter % 2;
  EACH x[A] += x[B];
  EACH x[D] = rol(x[D] ^ x[A], half == 0 ? 16 : 8);
  EACH x[C] += x[D];
  EACH x[B] = rol(x[B] ^ x[C], half == 0 ? 12 : 7);
}

INLINE void blake_begin(V *v, const V *h, uint64_t bytes, int last) {
  UNROLL for (int i = 0; i < 8; i++) {
    v[i] = h[i];
    v[8 + i] = broadcast(IV[i]);
  }
  v[12] = broadcast(IV[4] ^ bytes);
  v[14] = broadcast(last ? ~IV[6] : IV[6]);
}

INLINE void blake_end(V *h, const V *v) {
  UNROLL for (int i = 0; i < 8; i++) { h[i] ^= v[i] ^ v[8 + i]; }
}

INLINE void blake_init(V *h, int key_bytes) {
  UNROLL for (int i = 0; i < 8; i++) { h[i] = broadcast(IV[i]); }
  h[0] ^= broadcast(parameters(key_bytes, HASH_BYTES));
}

// ---- hashing STATES * LANES blocks

static void compress(V h[STATES][8], V m[STATES][16], uint64_t bytes, int last) {
  V v[STATES][16];
  UNROLL for (int g = 0; g < STATES; g++) { blake_begin(v[g], h[g], bytes, last); }
  UNROLL for (int round = 0; round < 12; round++) {
    UNROLL for (int quarter = 0; quarter < 4; quarter++) {
      UNROLL for (int g = 0; g < STATES; g++) {
        blake_quarter(v[g], m[g], SIGMA[round], quarter);
      }
    }
  }
  UNROLL for (int g = 0; g < STATES; g++) { blake_end(h[g], v[g]); }
}

static void hash(V h[STATES][8], const uint8_t *blocks, size_t block_bytes, const uint8_t *key) {
  V m[STATES][16];
  uint64_t bytes = 0;
  for (int g = 0; g < STATES; g++) {
    blake_init(h[g], key ? KEY_BYTES : 0);
  }
  if (key) {
    uint64_t words[16] = {0};
    memcpy(words, key, KEY_BYTES);
    for (int g = 0; g < STATES; g++) {
      for (int i = 0; i < 16; i++) {
        m[g][i] = broadcast(words[i]);
      }
    }
    compress(h, m, bytes += 128, 0);
  }
  for (size_t i = 0; i < block_bytes; i += 128) {
    for (int g = 0; g < STATES; g++) {
      transpose_in(m[g], blocks + g * LANES * block_bytes + i, block_bytes);
    }
    compress(h, m, bytes += 128, i + 128 == block_bytes);
  }
}

// Writes the digests PAIR_BYTES apart.
static void store_digests(uint8_t *to, V h[STATES][8]) {
  for (int g = 0; g < STATES; g++) {
    for (int lane = 0; lane < LANES; lane++) {
      for (int word = 0; word < 4; word++) {
        uint64_t digest_word = h[g][word][lane];
        memcpy(to + (g * LANES + lane) * PAIR_BYTES + word * 8, &digest_word, 8);
      }
    }
  }
}

static size_t count_corrupt(V h[STATES][8], const uint8_t *pairs) {
  uint8_t digests[STATES * LANES * PAIR_BYTES];
  store_digests(digests, h);
  size_t corrupt = 0;
  for (int i = 0; i < STATES * LANES; i++) {
    corrupt += memcmp(digests + i * PAIR_BYTES, pairs + i * PAIR_BYTES, HASH_BYTES) != 0;
  }
  return corrupt;
}

// ---- ChaCha20: one counter per 32-bit lane, STATES blocks side by side

INLINE void chacha_begin(W *x, const W *key, W counters) {
  UNROLL for (int i = 0; i < 4; i++) { x[i] = broadcast32(EXPAND_32_BYTE_K[i]); }
  UNROLL for (int i = 0; i < 8; i++) { x[4 + i] = key[i]; }
  x[12] = counters;
  x[13] = x[14] = x[15] = broadcast32(0);
}

// Pairs the words of the states in even and in odd 32-bit lanes to 64-bit ones.
INLINE void chacha_end(V *even, V *odd, W *x, const W *key, W counters) {
  UNROLL for (int i = 0; i < 4; i++) { x[i] += broadcast32(EXPAND_32_BYTE_K[i]); }
  UNROLL for (int i = 0; i < 8; i++) { x[4 + i] += key[i]; }
  x[12] += counters;
  UNROLL for (int i = 0; i < 8; i++) {
    even[i] = (V)EVEN(x[2 * i], x[2 * i + 1]);
    odd[i] = (V)ODD(x[2 * i], x[2 * i + 1]);
  }
}

INLINE void keystream(V even[STATES][8], V odd[STATES][8], const W key[STATES][8], W counters) {
  W x[STATES][16];
  UNROLL for (int g = 0; g < STATES; g++) { chacha_begin(x[g], key[g], counters); }
  for (int round = 0; round < 10; round++) {
    UNROLL for (int quarter = 0; quarter < 4; quarter++) {
      UNROLL for (int g = 0; g < STATES; g++) { chacha_quarter(x[g], quarter); }
    }
  }
  UNROLL for (int g = 0; g < STATES; g++) { chacha_end(even[g], odd[g], x[g], key[g], counters); }
}

INLINE void xor_rows(uint8_t *target, const V *words) {
  UNROLL for (int part = 0; part < 8 / LANES; part++) {
    V rows[LANES];
    transpose(rows, words + part * LANES);
    UNROLL for (int i = 0; i < LANES; i++) {
      uint8_t *row = target + i * 128 + part * VECTOR_BYTES;
      store(row, load(row) ^ rows[i]);
    }
  }
}

static void apply_keystream(uint8_t *blocks, size_t block_bytes, const uint8_t *pairs) {
  W key[STATES][8], counters = ASCENDING;
  for (int g = 0; g < STATES; g++) {
    uint32_t words[8];
    memcpy(words, pairs + g * PAIR_BYTES + HASH_BYTES, KEY_BYTES);
    for (int i = 0; i < 8; i++) {
      key[g][i] = broadcast32(words[i]);
    }
  }
  for (size_t i = 0; i < block_bytes; i += 64 * COUNTERS) {
    V even[STATES][8], odd[STATES][8];
    keystream(even, odd, key, counters);
    for (int g = 0; g < STATES; g++) {
      xor_rows(blocks + g * block_bytes + i, even[g]);
      xor_rows(blocks + g * block_bytes + i + 64, odd[g]);
    }
    counters += broadcast32(COUNTERS);
  }
}

void ENCODE(uint8_t *leaves, size_t block_bytes, size_t count, const uint8_t *secret,
            uint8_t *pairs) {
  V h[STATES][8];
  for (size_t i = 0; i < count; i += STATES * LANES) {
    uint8_t *batch = leaves + i * block_bytes, *batch_pairs = pairs + i * PAIR_BYTES;
    hash(h, batch, block_bytes, secret);
    store_digests(batch_pairs + HASH_BYTES, h);
    for (int j = 0; j < STATES * LANES; j += STATES) {
      apply_keystream(batch + j * block_bytes, block_bytes, batch_pairs + j * PAIR_BYTES);
    }
    hash(h, batch, block_bytes, NULL);
    store_digests(batch_pairs, h);
  }
}

size_t DECODE(uint8_t *blocks, size_t block_bytes, size_t count, const uint8_t *pairs) {
  V h[STATES][8];
  size_t corrupt = 0;
  for (size_t i = 0; i < count; i += STATES * LANES) {
    uint8_t *batch = blocks + i * block_bytes;
    const uint8_t *batch_pairs = pairs + i * PAIR_BYTES;
    hash(h, batch, block_bytes, NULL);
    size_t corrupt_here = count_corrupt(h, batch_pairs);
    corrupt += corrupt_here;
    for (int j = 0; corrupt_here == 0 && j < STATES * LANES; j += STATES) {
      apply_keystream(batch + j * block_bytes, block_bytes, batch_pairs + j * PAIR_BYTES);
    }
  }
  return corrupt;
}
