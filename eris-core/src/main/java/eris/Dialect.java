package eris;

/// The states of the ERIS specification that ever named content. Only [#V1_0_0] is written; the
/// drafts are read when explicitly asked for.
///
/// They share splitting, padding, leaf encryption and node layout, and differ in how internal nodes
/// are encrypted.
public enum Dialect {
  V1_0_0("1.0.0", Nonce.LEVEL_FIRST, true),
  /// The same encoding as 1.0.0 under another namespace.
  V0_4_0("0.4.0", Nonce.LEVEL_FIRST, true),
  V0_4_0_MAY_2022("0.4.0-dev of May 2022", Nonce.LEVEL_LAST, true),
  V0_4_0_JANUARY_2022("0.4.0-dev of January 2022", Nonce.LEVEL_LAST, false),
  V0_3_0("0.3.0", Nonce.ZERO, false),
  V0_2_0("0.2.0", Nonce.ZERO, false);

  private static final int NONCE_BYTES = 12;

  /// Where the level stands in the nonce.
  private enum Nonce {
    LEVEL_FIRST,
    LEVEL_LAST,
    ZERO
  }

  private final String version;
  private final Nonce nonce;
  private final boolean checksRootKey;

  Dialect(String version, Nonce nonce, boolean checksRootKey) {
    this.version = version;
    this.nonce = nonce;
    this.checksRootKey = checksRootKey;
  }

  public String version() {
    return version;
  }

  /// Whether the root key of a tree of several nodes can be checked: not where it was derived with
  /// the convergence secret, which a reader does not have.
  public boolean checksRootKey() {
    return checksRootKey;
  }

  /// The nonce under which nodes of `level` are encrypted.
  public byte[] nonce(int level) {
    byte[] bytes = new byte[NONCE_BYTES];
    switch (nonce) {
      case LEVEL_FIRST -> bytes[0] = (byte) level;
      case LEVEL_LAST -> bytes[NONCE_BYTES - 1] = (byte) level;
      case ZERO -> {}
    }
    return bytes;
  }
}
