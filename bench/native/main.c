// Measures each pipeline on one core: MB/s (10^6 bytes of content) of thread CPU time, best and
// median, after checking that all give the bits of the portable one.
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "leaf.h"

enum { WORK_BYTES = BATCH_BLOCKS * MAX_BLOCK_BYTES, MAX_COUNT = WORK_BYTES / 1024 };

static const struct pipeline {
  const char *name;
  encode_leaves *encode;
  decode_leaves *decode;
} PIPELINES[] = {
    {"portable", portable_encode, portable_decode},
    {"sodium", sodium_encode, sodium_decode},
    {"avx2-1", avx2_1_encode, avx2_1_decode},
    {"avx512-1", avx512_1_encode, avx512_1_decode},
    {"avx512-2", avx512_2_encode, avx512_2_decode},
};
enum { PIPELINE_COUNT = sizeof PIPELINES / sizeof *PIPELINES };

static _Alignas(64) uint8_t content[WORK_BYTES], blocks[WORK_BYTES], work[WORK_BYTES];
static uint8_t secret[KEY_BYTES], expected[MAX_COUNT * PAIR_BYTES], pairs[MAX_COUNT * PAIR_BYTES];

static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void require(int condition, const char *pipeline, const char *what) {
  if (!condition) {
    fprintf(stderr, "%s: %s\n", pipeline, what);
    exit(1);
  }
}

static void check(const struct pipeline *p, size_t block_bytes, size_t count) {
  memcpy(work, content, WORK_BYTES);
  p->encode(work, block_bytes, count, secret, pairs);
  require(!memcmp(work, blocks, WORK_BYTES), p->name, "wrong blocks");
  require(!memcmp(pairs, expected, count * PAIR_BYTES), p->name, "wrong pairs");
  work[WORK_BYTES / 2] ^= 1;
  require(p->decode(work, block_bytes, count, pairs) == 1, p->name, "corrupt block not seen");
  memcpy(work, blocks, WORK_BYTES);
  require(p->decode(work, block_bytes, count, pairs) == 0, p->name, "block refused");
  require(!memcmp(work, content, WORK_BYTES), p->name, "wrong content");
}

static double sample(const struct pipeline *p, size_t block_bytes, size_t count, int decode) {
  memcpy(work, decode ? blocks : content, WORK_BYTES);
  double start = cpu_seconds();
  if (decode) {
    p->decode(work, block_bytes, count, expected);
  } else {
    p->encode(work, block_bytes, count, secret, pairs);
  }
  return WORK_BYTES / (cpu_seconds() - start) / 1e6;
}

static void print(const struct pipeline *p, size_t block_bytes, int decode, double *rates,
                  int samples) {
  qsort(rates, samples, sizeof *rates, ascending);
  printf("%s %zu %s %.0f %.0f\n", p->name, block_bytes, decode ? "decode" : "encode",
         rates[samples - 1], rates[samples / 2]);
}

static void measure(size_t block_bytes, int samples) {
  size_t count = WORK_BYTES / block_bytes;
  memcpy(blocks, content, WORK_BYTES);
  portable_encode(blocks, block_bytes, count, secret, expected);
  for (int i = 0; i < PIPELINE_COUNT; i++) {
    check(&PIPELINES[i], block_bytes, count);
  }
  double *rates = calloc((size_t)PIPELINE_COUNT * samples, sizeof *rates);
  for (int decode = 0; decode < 2; decode++) {
    for (int s = 0; s < samples; s++) { // the pipelines take turns: noise meets them all
      for (int i = 0; i < PIPELINE_COUNT; i++) {
        rates[i * samples + s] = sample(&PIPELINES[i], block_bytes, count, decode);
      }
    }
    for (int i = 0; i < PIPELINE_COUNT; i++) {
      print(&PIPELINES[i], block_bytes, decode, rates + i * samples, samples);
    }
  }
  free(rates);
}

int main(int argc, char **argv) {
  int samples = argc > 1 ? atoi(argv[1]) : 301;
  require(samples > 0, "usage", "ceiling [SAMPLES]");
  require(sodium_init() >= 0, "sodium", "cannot start");
  randombytes_buf(content, sizeof content);
  randombytes_buf(secret, sizeof secret);
  puts("# pipeline, block bytes, direction, best and median MB/s of CPU time");
  measure(1024, samples);
  measure(32768, samples);
}
