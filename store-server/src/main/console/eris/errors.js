/** Why content could not be read. No message holds a key or a capability. */
export class ErisError extends Error {
  constructor(message) {
    super(message);
    this.name = new.target.name;
  }
}

/** The store does not have the block. */
export class MissingBlock extends ErisError {
  constructor(reference) {
    super(`block ${abbreviated(reference)} is missing`);
  }
}

/** The bytes are not the block that the reference names: a faulty disk or a lying peer. */
export class CorruptBlock extends ErisError {
  constructor(reference, detail) {
    super(`block ${abbreviated(reference)} is corrupt: ${detail}`);
  }
}

/** The root key is not the hash of the root node (ERIS 1.0.0, Verify-Key). */
export class WrongKey extends ErisError {
  constructor() {
    super("the root key does not match the root node");
  }
}

/** Every block is authentic, yet together they are not an ERIS tree. */
export class MalformedTree extends ErisError {
  constructor(detail) {
    super(`malformed tree: ${detail}`);
  }
}

/** Not a read capability. The message never repeats the text: it may be a secret. */
export class MalformedCapability extends ErisError {
  constructor(detail) {
    super(`malformed read capability: ${detail}`);
  }
}

/** The daemon did not do what it was asked. */
export class StoreFailure extends ErisError {}

/** The first and last characters: enough to find a block in a log. */
export function abbreviated(reference) {
  return `${reference.slice(0, 4)}…${reference.slice(-4)}`;
}
