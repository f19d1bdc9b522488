// Encodes and decodes away from the page, which stays responsive. One worker does one task: the page
// ends it to cancel.

import { ReadCapability } from "../eris/capability.js";
import { Decoder } from "../eris/decoder.js";
import { Encoder } from "../eris/encoder.js";
import { ErisError } from "../eris/errors.js";
import { HttpBlocks } from "../eris/http-blocks.js";

/** Of a download, what is handed to the browser at a time: it may keep that on disk. */
const PART_BYTES = 4 * 1024 * 1024;
const PROGRESS_EVERY_MILLIS = 100;

self.onmessage = async ({ data: task }) => {
  try {
    self.postMessage(await (task.file ? put(task) : get(task)));
  } catch (e) {
    self.postMessage({ failure: messageOf(e) });
  }
};

/** Stores a file, and answers with its capability once all of it is durable. */
async function put({ origin, file, blockSize, secret }) {
  const blocks = new HttpBlocks(origin);
  const encoder = new Encoder(blockSize, secret, blocks);
  const progress = new Progress(file.size);
  for await (const part of partsOf(file)) {
    await encoder.write(part);
    progress.add(part.length);
  }
  const capability = await encoder.finish();
  await blocks.sync();
  return { urn: capability.toUrn() };
}

/** Fetches content, and answers with it once all of it is verified. */
async function get({ origin, urn, maxBytes }) {
  const decoder = await Decoder.open(new HttpBlocks(origin), ReadCapability.parse(urn));
  if (decoder.size > BigInt(maxBytes)) {
    return { tooLarge: decoder.size };
  }
  const progress = new Progress(Number(decoder.size));
  const collected = new PartCollector();
  for await (const part of decoder.content()) {
    collected.add(part);
    progress.add(part.length);
  }
  return { content: collected.toBlob() };
}

/** The bytes of a file as they are read. Not all browsers iterate over streams. */
async function* partsOf(file) {
  const reader = file.stream().getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    yield next.value;
  }
}

class PartCollector {
  #blobs = [];
  #parts = [];
  #bytes = 0;

  add(part) {
    this.#parts.push(part);
    this.#bytes += part.length;
    if (this.#bytes >= PART_BYTES) {
      this.#seal();
    }
  }

  toBlob() {
    this.#seal();
    return new Blob(this.#blobs, { type: "application/octet-stream" });
  }

  #seal() {
    this.#blobs.push(new Blob(this.#parts));
    this.#parts = [];
    this.#bytes = 0;
  }
}

class Progress {
  #total;
  #done = 0;
  #told = 0;

  constructor(total) {
    this.#total = total;
  }

  add(bytes) {
    this.#done += bytes;
    const now = performance.now();
    if (now - this.#told >= PROGRESS_EVERY_MILLIS) {
      this.#told = now;
      self.postMessage({ progress: { done: this.#done, total: this.#total } });
    }
  }
}

function messageOf(e) {
  if (e instanceof ErisError) {
    return e.message;
  }
  return e instanceof DOMException ? "the file cannot be read" : `a defect of this page: ${e}`;
}
