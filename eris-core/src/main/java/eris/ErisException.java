package eris;

import java.io.IOException;

/// Why content could not be read. This file is the whole taxonomy: adding a case here makes every
/// exhaustive `switch` that must learn about it fail to compile.
///
/// No message holds a key or a capability.
public abstract sealed class ErisException extends IOException {
  private static final long serialVersionUID = 1;

  private ErisException(String message) {
    super(message);
  }

  /// No store had the block. It may exist elsewhere: asking another store can help.
  public static final class MissingBlock extends ErisException {
    private static final long serialVersionUID = 1;
    private final transient Reference reference;

    public MissingBlock(Reference reference) {
      super("block " + reference.abbreviated() + " is missing");
      this.reference = reference;
    }

    public Reference reference() {
      return reference;
    }
  }

  /// The bytes are not the block that the reference names: a faulty disk or a lying peer. Another
  /// store may hold a good copy.
  public static final class CorruptBlock extends ErisException {
    private static final long serialVersionUID = 1;
    private final transient Reference reference;
    private final String detail;

    public CorruptBlock(Reference reference, String detail) {
      super("block " + reference.abbreviated() + " is corrupt: " + detail);
      this.reference = reference;
      this.detail = detail;
    }

    public String detail() {
      return detail;
    }

    public Reference reference() {
      return reference;
    }
  }

  /// The root key is not the hash of the root node (ERIS 1.0.0, Verify-Key).
  public static final class WrongKey extends ErisException {
    private static final long serialVersionUID = 1;

    public WrongKey() {
      super("the root key does not match the root node");
    }
  }

  /// Every block is authentic, yet together they are not an ERIS tree.
  public static final class MalformedTree extends ErisException {
    private static final long serialVersionUID = 1;
    private final String detail;

    public MalformedTree(String detail) {
      super("malformed tree: " + detail);
      this.detail = detail;
    }

    public String detail() {
      return detail;
    }
  }

  /// Not a read capability. The message never repeats the text: it may be a secret.
  public static final class MalformedCapability extends ErisException {
    private static final long serialVersionUID = 1;

    public MalformedCapability(String detail) {
      super("malformed read capability: " + detail);
    }
  }

  /// Not a block reference.
  public static final class MalformedReference extends ErisException {
    private static final long serialVersionUID = 1;

    public MalformedReference(String detail) {
      super("malformed reference: " + detail);
    }
  }
}
