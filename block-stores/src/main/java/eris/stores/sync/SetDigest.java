package eris.stores.sync;

/// The digest of a set of blocks: the sum, modulo 2^128, of the hashes that a [Salt] gives their
/// references. That of two sets without a common block is the sum of theirs.
record SetDigest(long high, long low) {
  static final int BYTES = 16;

  /// Of no blocks. Another set has it with a probability of 2^-128.
  static final SetDigest EMPTY = new SetDigest(0, 0);

  SetDigest plus(SetDigest that) {
    long sum = low + that.low;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    return new SetDigest(high + that.high + carry, sum);
  }
}
