package eris.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// What the system asks of a daemon, by signals.
///
/// The JDK has no other way to hear of SIGHUP than `sun.misc.Signal`, and no compiler that lets a
/// program name it without a warning: hence by reflection.
final class Signals {
  private final BlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();

  /// What is wanted.
  enum Wish {
    END,
    RELOAD
  }

  private Signals() {}

  /// Catches SIGTERM, SIGINT and SIGHUP from now on.
  static Signals caught() {
    var signals = new Signals();
    try {
      signals.on("TERM", Wish.END);
      signals.on("INT", Wish.END);
      signals.on("HUP", Wish.RELOAD);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("signals cannot be caught", e);
    }
    return signals;
  }

  private void on(String name, Wish wish) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object adding =
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(),
            new Class<?>[] {handler},
            (_, method, _) -> invoked(method, wish));
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), adding);
  }

  private Object invoked(Method method, Wish wish) {
    if (!method.getName().equals("handle")) {
      throw new UnsupportedOperationException(method.getName());
    }
    return wishes.add(wish);
  }

  /// Waits for the next.
  Wish next() throws InterruptedException {
    return wishes.take();
  }
}
