// The ERIS leaf pipeline (ERIS 1.0.0, Encrypt-Leaf-Node and Dereference-Node at level 0) over
// consecutive blocks, in place.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { KEY_BYTES = 32, HASH_BYTES = 32, PAIR_BYTES = 64 };

// All pipelines take a multiple of this many blocks.
enum { BATCH_BLOCKS = 16, MAX_BLOCK_BYTES = 32768 };

// Encrypts `count` leaves in place and writes to `pairs` a reference and a key for each.
typedef void encode_leaves(uint8_t *leaves, size_t block_bytes, size_t count, const uint8_t *secret,
                           uint8_t *pairs);

// Hashes `count` blocks, compares with the references of `pairs`, and decrypts in place those
// batches whose blocks are all authentic. Returns how many blocks are not.
typedef size_t decode_leaves(uint8_t *blocks, size_t block_bytes, size_t count,
                             const uint8_t *pairs);

encode_leaves portable_encode, sodium_encode;
decode_leaves portable_decode, sodium_decode;

// On vectors. The names tell the instruction set and how many states advance side by side.
encode_leaves avx2_1_encode, avx512_1_encode, avx512_2_encode;
decode_leaves avx2_1_decode, avx512_1_decode, avx512_2_decode;
