import { ReadCapability } from "./capability.js";
import { PairBuffer, padded } from "./node.js";
import { applyKeystream, hash, keyedHash, referenceOf } from "./primitives.js";

/** Content below this size is best in blocks of 1 KiB. */
const SMALL_CONTENT = 16 * 1024;

/** The block size that the specification recommends for content of `size` bytes. */
export function recommendedBlockSize(size) {
  return size < SMALL_CONTENT ? 1024 : 32768;
}

/**
 * Turns content of any size into blocks (ERIS 1.0.0, Encode), which go to the sink as they come:
 * holds one leaf, and one internal node for each level.
 */
export class Encoder {
  #blockSize;
  #secret;
  #sink;
  #leaf;
  #filled = 0;
  #levels = []; // of each, the pairs that have no parent yet

  /**
   * @param secret the convergence secret, 32 bytes
   * @param sink has `put(reference, block)`, and may ask to wait by the promise it returns
   */
  constructor(blockSize, secret, sink) {
    this.#blockSize = blockSize;
    this.#secret = secret;
    this.#sink = sink;
    this.#leaf = new Uint8Array(blockSize);
  }

  /** Takes the next bytes of the content. */
  async write(bytes) {
    for (let from = 0; from < bytes.length; ) {
      const part = bytes.subarray(from, from + this.#blockSize - this.#filled);
      this.#leaf.set(part, this.#filled);
      this.#filled += part.length;
      from += part.length;
      if (this.#filled === this.#blockSize) {
        await this.#addLeaf(this.#leaf);
        this.#filled = 0;
      }
    }
  }

  /** Ends the content. The sink has been given every block then, and has yet to keep them. */
  async finish() {
    await this.#addLeaf(padded(this.#leaf.subarray(0, this.#filled), this.#blockSize));
    let level = 0;
    while (level < this.#levels.length - 1 || this.#levels[level].count > 1) {
      await this.#completeNode(level++);
    }
    return new ReadCapability(this.#blockSize, level, this.#levels[level].first());
  }

  async #addLeaf(leaf) {
    await this.#add(0, await this.#emit(leaf, keyedHash(leaf, this.#secret), 0));
  }

  async #add(level, pair) {
    this.#levels[level] ??= new PairBuffer(this.#blockSize);
    const waiting = this.#levels[level];
    if (waiting.isFull()) {
      await this.#completeNode(level);
    }
    waiting.append(pair);
  }

  async #completeNode(level) {
    const node = this.#levels[level].take();
    await this.#add(level + 1, await this.#emit(node, hash(node), level + 1));
  }

  async #emit(node, key, level) {
    const block = applyKeystream(node, key, level);
    const reference = referenceOf(block);
    await this.#sink.put(reference, block);
    return { reference, key };
  }
}
