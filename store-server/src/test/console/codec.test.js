import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeBase32 } from "../eris/base32.js";
import { ReadCapability } from "../eris/capability.js";
import { Decoder } from "../eris/decoder.js";
import { Encoder } from "../eris/encoder.js";
import { ErisError } from "../eris/errors.js";
import {
  MemoryBlocks,
  contentOf,
  officialVectors,
  ownCapabilities,
  ownVectors,
} from "./vectors.js";

const OFFICIAL_POSITIVE = officialVectors("positive");
const OFFICIAL_NEGATIVE = officialVectors("negative");

describe("positive vectors", () => {
  for (const vector of [...OFFICIAL_POSITIVE, ...ownVectors("positive")]) {
    test(vector.file, async () => {
      const content = contentOf(vector);
      const { urn, store } = await encode(content, vector);
      assert.equal(urn, vector.urn);
      assertBlocks(store, vector);
      assert.ok((await decode(store, vector.urn)).equals(content), "not the same content");
    });
  }
});

describe("negative vectors", () => {
  for (const vector of ownVectors("negative")) {
    test(vector.file, async () => {
      const error = await failureOf(vector);
      assert.equal(error.name, vector.expect);
      assert.equal(error.at, vector.at);
    });
  }
  for (const vector of OFFICIAL_NEGATIVE) {
    test(vector.file, async () => assert.ok((await failureOf(vector)) instanceof ErisError));
  }
});

test("the official vectors are all there", { skip: OFFICIAL_POSITIVE.length === 0 }, () => {
  assert.equal(OFFICIAL_POSITIVE.length + OFFICIAL_NEGATIVE.length, 25);
});

describe("trees of more content than anybody can hold", () => {
  for (const vector of ownVectors("special")) {
    test(vector.file, async () => {
      const store = await MemoryBlocks.ofEqualNodes(vector);
      assert.equal(store.blocks.size, vector["block-count"]);
      const decoder = await Decoder.open(store, ReadCapability.parse(vector.urn));
      assert.equal(String(decoder.size), vector.size);
      for await (const part of decoder.content()) {
        assert.equal(part[0], vector["leaf-byte"]);
        break;
      }
    });
  }
});

describe("capabilities", () => {
  for (const [i, { text, valid, why, urn }] of ownCapabilities().entries()) {
    test(`${i}: ${why}`, () => {
      if (valid) {
        assert.equal(ReadCapability.parse(text).toUrn(), urn);
      } else {
        assert.throws(() => ReadCapability.parse(text), { name: "MalformedCapability" });
      }
    });
  }
});

test("content may come in parts of any size", async () => {
  const vector = ownVectors("positive").find((each) => each.name === "length-16385-1kib");
  const { urn } = await encode(contentOf(vector), vector, 777);
  assert.equal(urn, vector.urn);
});

test("a reader who has enough asks for no more blocks", async () => {
  const vector = ownVectors("positive").find((each) => each.name === "length-262145-1kib");
  const { store } = await encode(contentOf(vector), vector);
  let asked = 0;
  const counting = { get: (reference) => (asked++, store.get(reference)) };
  const decoder = await Decoder.open(counting, ReadCapability.parse(vector.urn));
  for await (const _ of decoder.content()) {
    break;
  }
  assert.ok(asked < 40, `${asked} of ${store.blocks.size} blocks`);
});

async function encode(content, vector, partSize = 100_000) {
  const store = new MemoryBlocks();
  const secret = decodeBase32(vector["convergence-secret"]);
  const encoder = new Encoder(vector["block-size"], secret, store);
  for (let from = 0; from < content.length; from += partSize) {
    await encoder.write(content.subarray(from, from + partSize));
  }
  return { urn: (await encoder.finish()).toUrn(), store };
}

async function decode(store, urn) {
  const decoder = await Decoder.open(store, ReadCapability.parse(urn));
  const parts = [];
  for await (const part of decoder.content()) {
    parts.push(part.slice());
  }
  const content = Buffer.concat(parts);
  assert.equal(BigInt(content.length), decoder.size);
  return content;
}

function assertBlocks(store, vector) {
  if (vector.blocks === undefined) {
    assert.equal(store.blocks.size, vector["block-count"]);
    assert.equal(store.digest(), vector["blocks-digest"]);
  } else {
    const wanted = MemoryBlocks.of(vector).blocks;
    assert.deepEqual([...store.blocks.keys()].sort(), [...wanted.keys()].sort());
    for (const [reference, block] of wanted) {
      assert.deepEqual(store.blocks.get(reference), block);
    }
  }
}

/** The error that reading ends with, and when it came. */
async function failureOf(vector) {
  let at = "open";
  try {
    const decoder = await Decoder.open(MemoryBlocks.of(vector), ReadCapability.parse(vector.urn));
    at = "read";
    for await (const _ of decoder.content());
  } catch (e) {
    return Object.assign(e, { at });
  }
  assert.fail("no error");
}
