import { StoreFailure, abbreviated } from "./errors.js";

/** Puts under way at a time: they share the flushes of the store. */
const PUTS_AT_A_TIME = 12;

/** The blocks of a daemon, by its N2R interface. It learns references and blocks, and no key. */
export class HttpBlocks {
  #resource;
  #puts = new Set();
  #failure;

  /** @param origin of the daemon, as in `http://localhost:1337` */
  constructor(origin) {
    this.#resource = `${origin}/uri-res/N2R?urn:blake2b:`;
  }

  /** The block, not verified, or undefined if the daemon doesn't have it. */
  async get(reference) {
    const answer = await this.#ask(reference, "GET");
    return answer.status === 404 ? undefined : bytesOf(answer, reference);
  }

  /** Begins to store a block; waits while many are under way. */
  async put(reference, block) {
    while (this.#puts.size >= PUTS_AT_A_TIME) {
      await Promise.race(this.#puts);
    }
    this.#throwFailure();
    const put = this.#put(reference, block)
      .catch((e) => (this.#failure ??= e))
      .finally(() => this.#puts.delete(put));
    this.#puts.add(put);
  }

  /** Returns once every block put before is durable. */
  async sync() {
    await Promise.all(this.#puts);
    this.#throwFailure();
  }

  async #put(reference, block) {
    await bytesOf(await this.#ask(reference, "PUT", block), reference);
  }

  #throwFailure() {
    if (this.#failure) {
      throw this.#failure;
    }
  }

  async #ask(reference, method, body) {
    return fetch(this.#resource + reference, {
      method,
      body,
      cache: "no-store", // what went bad once may have become good again
      credentials: "omit",
      redirect: "error",
    }).catch(noAnswer);
  }
}

async function bytesOf(answer, reference) {
  const bytes = new Uint8Array(await answer.arrayBuffer().catch(noAnswer));
  if (!answer.ok) {
    const line = new TextDecoder().decode(bytes).split("\n", 1)[0].slice(0, 200);
    throw new StoreFailure(
      `block ${abbreviated(reference)}: the daemon answers ${answer.status}: ${line}`,
    );
  }
  return bytes;
}

function noAnswer() {
  throw new StoreFailure("the daemon does not answer");
}
