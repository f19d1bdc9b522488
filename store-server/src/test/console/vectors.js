// The vectors: our own, and the official ones where they are present.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { decodeBase32, encodeBase32 } from "../eris/base32.js";
import { PairBuffer } from "../eris/node.js";
import { applyKeystream, hash, keyedHash, referenceOf } from "../eris/primitives.js";

/** The root of the project, and the folder with the official vectors. */
const ROOT = process.env.ERIS_ROOT;
const CONFORMANCE = process.env.ERIS_CONFORMANCE ?? join(ROOT, "../shared/conformance");

export function ownVectors(type) {
  return read(join(ROOT, "conformance-vectors", type));
}

export function ownCapabilities() {
  return parse(join(ROOT, "conformance-vectors/capabilities.json"));
}

/** Empty if they are not on this machine. */
export function officialVectors(type) {
  const folder = join(CONFORMANCE, "official");
  return existsSync(folder) ? read(folder).filter((vector) => vector.type === type) : [];
}

/** The content of a positive vector; if it only has a name, the key stream which that stands for. */
export function contentOf(vector) {
  if (vector.content !== undefined) {
    return decodeBase32(vector.content);
  }
  const key = hash(new TextEncoder().encode(vector["content-name"]));
  return applyKeystream(new Uint8Array(vector["content-size"]), key, 0);
}

/** A store in memory: what the codec reads from and writes to. */
export class MemoryBlocks {
  blocks = new Map();

  static of(vector) {
    const store = new MemoryBlocks();
    for (const [reference, block] of Object.entries(vector.blocks)) {
      store.blocks.set(reference, decodeBase32(block));
    }
    return store;
  }

  /** The tree of a special vector: all nodes of a level are equal. */
  static async ofEqualNodes(vector) {
    const store = new MemoryBlocks();
    let node = new Uint8Array(vector["block-size"]).fill(vector["leaf-byte"]);
    node[node.length - 1] = 0x80;
    let key = keyedHash(node, decodeBase32(vector["convergence-secret"]));
    for (const [level, children] of [...vector["child-counts"], 0].entries()) {
      const block = applyKeystream(node, key, level);
      const reference = referenceOf(block);
      await store.put(reference, block);
      const parent = new PairBuffer(node.length);
      for (let i = 0; i < children; i++) {
        parent.append({ reference, key });
      }
      node = parent.take();
      key = hash(node);
    }
    return store;
  }

  async get(reference) {
    return this.blocks.get(reference);
  }

  async put(reference, block) {
    this.blocks.set(reference, block);
  }

  /** BLAKE2b-256 of all references in ascending order of their bytes. */
  digest() {
    const references = [...this.blocks.keys()].map((text) => Buffer.from(decodeBase32(text)));
    return encodeBase32(hash(Buffer.concat(references.sort(Buffer.compare))));
  }
}

function read(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ file: name, ...parse(join(folder, name)) }));
}

function parse(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
