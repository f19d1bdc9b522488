import { CorruptBlock, MalformedTree, MissingBlock, WrongKey } from "./errors.js";
import { arityOf, contentBytes, parsePairs } from "./node.js";
import { applyKeystream, hash, referenceOf } from "./primitives.js";

/** By block size, the highest level of content of less than 2^63 bytes. */
const MAX_LEVEL = new Map([
  [1024, 14],
  [32768, 6],
]);
const MAX_SIZE = 1n << 63n;
const LEAVES_AHEAD = 12;
const NODES_AHEAD = 1;

/**
 * Reads content by its capability (ERIS 1.0.0, Decode).
 *
 * No byte leaves a decoder before its block is verified. Trees that no encoder makes are refused: a
 * node that is not full off the right edge, a root with a single child, an internal node whose key
 * is not its hash.
 */
export class Decoder {
  #source;
  #capability;
  #last = []; // by level, the index of its last node

  /** The size of the content in bytes, a BigInt. */
  size;

  constructor(source, capability) {
    this.#source = source;
    this.#capability = capability;
  }

  /**
   * Opens content. Reads the nodes of the right edge, from the root to the last leaf, and so knows
   * the size, or fails here if one of them is missing, corrupt or malformed.
   *
   * @param source has `get(reference)`, a promise of the block, or of undefined
   */
  static async open(source, capability) {
    const decoder = new Decoder(source, capability);
    decoder.#requireLevel();
    await decoder.#descendRightEdge();
    return decoder;
  }

  /** The content, in order and in parts of a block at most. */
  async *content() {
    const { blockSize } = this.#capability;
    let rest = this.size;
    for await (const leaf of this.#nodes(0)) {
      if (rest < blockSize) {
        yield leaf.subarray(0, Number(rest));
        return;
      }
      yield leaf;
      rest -= BigInt(blockSize);
    }
  }

  /** Refuses levels that no content can have, before anything is fetched. */
  #requireLevel() {
    const { level, blockSize } = this.#capability;
    const most = MAX_LEVEL.get(blockSize);
    if (level > most) {
      throw new MalformedTree(`level ${level}, but no content needs more than ${most}`);
    }
  }

  async #descendRightEdge() {
    const { blockSize, level: top, root } = this.#capability;
    let pair = root;
    let index = 0n;
    for (let level = top; level > 0; level--) {
      this.#last[level] = index;
      const pairs = parsePairs(await this.#read(pair, level));
      if (level === top && pairs.length === 1) {
        throw new MalformedTree("the root has a single child");
      }
      pair = pairs.at(-1);
      index = index * BigInt(arityOf(blockSize)) + BigInt(pairs.length - 1);
    }
    this.#last[0] = index;
    const start = index * BigInt(blockSize);
    if (start >= MAX_SIZE) {
      throw new MalformedTree("content of more than 2^63 - 1 bytes");
    }
    this.size = start + BigInt(contentBytes(await this.#read(pair, 0)));
  }

  /** The nodes of a level in order; the next ones are fetched meanwhile. */
  async *#nodes(level) {
    const ahead = level === 0 ? LEAVES_AHEAD : NODES_AHEAD;
    const fetched = [];
    for await (const pair of this.#pairs(level)) {
      const node = this.#read(pair, level);
      node.catch(() => {}); // it is told when its turn comes, if it comes
      fetched.push(node);
      if (fetched.length > ahead) {
        yield await fetched.shift();
      }
    }
    while (fetched.length > 0) {
      yield await fetched.shift();
    }
  }

  /** The pairs of the nodes of a level, in order. */
  async *#pairs(level) {
    if (level === this.#capability.level) {
      yield this.#capability.root;
      return;
    }
    let index = 0n;
    for await (const parent of this.#nodes(level + 1)) {
      const pairs = parsePairs(parent);
      if (index < this.#last[level + 1] && pairs.length < arityOf(this.#capability.blockSize)) {
        throw new MalformedTree("internal node off the right edge is not full");
      }
      yield* pairs;
      index++;
    }
  }

  async #read({ reference, key }, level) {
    const node = applyKeystream(await this.#readBlock(reference), key, level);
    if (level > 0 && !areEqual(hash(node), key)) {
      throw level === this.#capability.level
        ? new WrongKey()
        : new MalformedTree("the key of an internal node is not its hash");
    }
    return node;
  }

  async #readBlock(reference) {
    const { blockSize } = this.#capability;
    const block = await this.#source.get(reference);
    if (block === undefined) {
      throw new MissingBlock(reference);
    }
    if (block.length !== blockSize) {
      throw new CorruptBlock(reference, `holds ${block.length} bytes, want ${blockSize}`);
    }
    if (referenceOf(block) !== reference) {
      throw new CorruptBlock(reference, "does not hash to its reference");
    }
    return block;
  }
}

function areEqual(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
