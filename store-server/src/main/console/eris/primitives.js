// The primitives of ERIS 1.0.0, on the implementations of the noble libraries.

import { chacha20 } from "@noble/ciphers/chacha.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { encodeBase32 } from "./base32.js";

const DIGEST = { dkLen: 32 };

/** BLAKE2b-256. */
export function hash(bytes) {
  return blake2b(bytes, DIGEST);
}

/** BLAKE2b-256 in its own keyed mode; a key of zeros is a key too. */
export function keyedHash(bytes, key) {
  return blake2b(bytes, { ...DIGEST, key });
}

/** The address of a block in every store, in base32. */
export function referenceOf(block) {
  return encodeBase32(hash(block));
}

/** ChaCha20 (RFC 8439, counter from 0) under the nonce `level`, 0, 0, … Its own inverse. */
export function applyKeystream(block, key, level) {
  const nonce = new Uint8Array(12);
  nonce[0] = level;
  return chacha20(key, nonce, block);
}
