package eris.kernel;

/// The kernel that `ERIS_KERNEL` names does not exist, or not in this JVM.
public final class NoSuchKernelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NoSuchKernelException(String name, String detail) {
    super("kernel '%s' %s".formatted(name, detail));
  }
}
