// What is inside decrypted nodes: pairs in internal ones, content and padding in leaves.

import { decodeBase32, encodeBase32 } from "./base32.js";
import { MalformedTree } from "./errors.js";

const REFERENCE_BYTES = 32;
export const PAIR_BYTES = 64;
const PADDING_MARK = 0x80;

/** The number of pairs in a full internal node. */
export function arityOf(blockSize) {
  return blockSize / PAIR_BYTES;
}

/** Collects pairs until they fill an internal node. */
export class PairBuffer {
  #node;
  count = 0;

  constructor(blockSize) {
    this.#node = new Uint8Array(blockSize);
  }

  isFull() {
    return this.count * PAIR_BYTES === this.#node.length;
  }

  append({ reference, key }) {
    const offset = this.count++ * PAIR_BYTES;
    this.#node.set(decodeBase32(reference), offset);
    this.#node.set(key, offset + REFERENCE_BYTES);
  }

  /** The pairs as an internal node, filled up with zeros. The buffer is empty then. */
  take() {
    const node = this.#node;
    this.#node = new Uint8Array(node.length);
    this.count = 0;
    return node;
  }

  first() {
    return pairAt(this.#node, 0);
  }
}

/**
 * The pairs of an internal node.
 *
 * @throws MalformedTree if there is no child, or anything but zeros after the last one
 */
export function parsePairs(node) {
  const pairs = [];
  let offset = 0;
  while (offset < node.length && !isZero(node, offset, offset + REFERENCE_BYTES)) {
    pairs.push(pairAt(node, offset));
    offset += PAIR_BYTES;
  }
  if (pairs.length === 0) {
    throw new MalformedTree("internal node without children");
  }
  if (!isZero(node, offset, node.length)) {
    throw new MalformedTree("internal node with data after its last child");
  }
  return pairs;
}

/** A leaf of `content`, which is shorter than that, with its padding (ISO/IEC 7816-4). */
export function padded(content, blockSize) {
  const leaf = new Uint8Array(blockSize);
  leaf.set(content);
  leaf[content.length] = PADDING_MARK;
  return leaf;
}

/**
 * How many bytes of the last leaf are content.
 *
 * @throws MalformedTree if it does not end in padding
 */
export function contentBytes(lastLeaf) {
  const mark = lastLeaf.findLastIndex((byte) => byte !== 0);
  if (mark < 0 || lastLeaf[mark] !== PADDING_MARK) {
    throw new MalformedTree("the last leaf has no valid padding");
  }
  return mark;
}

function pairAt(node, offset) {
  const middle = offset + REFERENCE_BYTES;
  return {
    reference: encodeBase32(node.subarray(offset, middle)),
    key: node.slice(middle, offset + PAIR_BYTES),
  };
}

function isZero(bytes, from, to) {
  return bytes.subarray(from, to).every((byte) => byte === 0);
}
