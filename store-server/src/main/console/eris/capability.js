import { decodeBase32, encodeBase32 } from "./base32.js";
import { MalformedCapability } from "./errors.js";

const PREFIX = "urn:eris:";
const BYTES = 66;
const DIGITS = 106;
const BLOCK_SIZE_OF_CODE = new Map([
  [0x0a, 1024],
  [0x0f, 32768],
]);

/**
 * All that is needed to read one piece of content. Whoever holds it can read, so it is a secret.
 *
 * Binary form (ERIS 1.0.0, binary encoding of read capability), 66 bytes:
 *
 *     0        block size code   0x0a or 0x0f
 *     1        level             0 when the root is a leaf
 *     2..33    root reference
 *     34..65   root key
 */
export class ReadCapability {
  /** @param root the pair of the root node: { reference, key }, the reference in base32 */
  constructor(blockSize, level, root) {
    this.blockSize = blockSize;
    this.level = level;
    this.root = root;
  }

  /**
   * Parses the URN form. `urn:eris:` may be in any case (RFC 8141); after it come exactly 106
   * characters in their one spelling.
   *
   * @throws MalformedCapability if `text` is anything else
   */
  static parse(text) {
    if (!/^urn:eris:/i.test(text)) {
      throw new MalformedCapability(`does not start with ${PREFIX}`);
    }
    const digits = text.slice(PREFIX.length);
    if (digits.length !== DIGITS) {
      throw new MalformedCapability(
        `${digits.length} characters after ${PREFIX}, want ${DIGITS}`,
      );
    }
    return ReadCapability.#ofBytes(bytesOf(digits));
  }

  static #ofBytes(bytes) {
    const blockSize = BLOCK_SIZE_OF_CODE.get(bytes[0]);
    if (blockSize === undefined) {
      const code = bytes[0].toString(16).padStart(2, "0");
      throw new MalformedCapability(`unknown block size 0x${code}, want 0x0a or 0x0f`);
    }
    return new ReadCapability(blockSize, bytes[1], {
      reference: encodeBase32(bytes.subarray(2, 34)),
      key: bytes.slice(34),
    });
  }

  /** The URN form. Show it to the user, never to a log. */
  toUrn() {
    const bytes = new Uint8Array(BYTES);
    bytes[0] = Math.log2(this.blockSize);
    bytes[1] = this.level;
    bytes.set(decodeBase32(this.root.reference), 2);
    bytes.set(this.root.key, 34);
    return PREFIX + encodeBase32(bytes);
  }
}

function bytesOf(digits) {
  try {
    return decodeBase32(digits);
  } catch (e) {
    throw new MalformedCapability(`after ${PREFIX}, ${e.message}`);
  }
}
