package eris.stores;

/// Not the URL of a store. The message repeats neither query nor authority: they may hold secrets.
public final class MalformedStoreUrl extends Exception {
  private static final long serialVersionUID = 1;

  MalformedStoreUrl(String detail) {
    super("malformed store url: " + detail);
  }
}
