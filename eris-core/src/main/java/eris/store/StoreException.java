package eris.store;

import java.io.IOException;

/// Why a store, as a whole, did not do what it was asked. What is wrong with single blocks is an
/// [eris.ErisException]; a device that fails is a plain [IOException].
public abstract sealed class StoreException extends IOException {
  private static final long serialVersionUID = 1;

  private StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  private StoreException(String message) {
    super(message);
  }

  /// No space is left. Nothing half-written is visible; writes work again once there is space.
  public static final class Full extends StoreException {
    private static final long serialVersionUID = 1;

    public Full(String store, Throwable cause) {
      super("store " + store + " is full", cause);
    }
  }

  /// The store, or the rights in its URL, take no blocks.
  public static final class ReadOnly extends StoreException {
    private static final long serialVersionUID = 1;

    public ReadOnly(String store) {
      super("store " + store + " is read-only");
    }
  }

  /// Another process writes to the store.
  public static final class Busy extends StoreException {
    private static final long serialVersionUID = 1;

    public Busy(String store, String holder) {
      super("store " + store + " is being written by " + holder);
    }
  }

  /// The store wants other credentials, or none at all.
  public static final class Refused extends StoreException {
    private static final long serialVersionUID = 1;

    public Refused(String store, String detail) {
      super("store " + store + " refused: " + detail);
    }
  }
}
