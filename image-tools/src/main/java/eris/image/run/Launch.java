package eris.image.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What a process executes to become a program.
///
/// @param program the file
/// @param arguments the first one is the name it goes by
/// @param environment what is set in that of the caller, `NAME=value` each
/// @param descriptors which the program needs open
public record Launch(
    Path program, List<byte[]> arguments, List<String> environment, Set<Integer> descriptors) {

  /// These are sent for what the thread itself did: Java lives on some of them, and to ignore them
  /// means nothing.
  private static final long SYNCHRONOUS_SIGNALS = bit(4) | bit(5) | bit(7) | bit(8) | bit(11);

  /// The system keeps them, or the C library for itself.
  private static final long UNTOUCHABLE_SIGNALS = bit(9) | bit(19) | bit(32) | bit(33);

  public Launch {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
    descriptors = Set.copyOf(descriptors);
  }

  /// Becomes the program: process, terminal, signals and exit code are its own from now on, and no
  /// Java is left. Never returns but by an exception.
  ///
  /// @param ignoredNow the signals that this process ignores, bit 0 for signal 1
  /// @throws IOException if the system refuses. Signals are not as they were then: it is best to end
  public void become(Caller caller, long ignoredNow) throws IOException {
    // What Java handles is as by default again after exec; what is ignored stays so.
    long changed = (caller.ignoredSignals() ^ ignoredNow) | caller.ignoredSignals();
    for (int signal = 1; signal <= Linux.SIGNAL_COUNT; signal++) {
      if ((changed & ~SYNCHRONOUS_SIGNALS & ~UNTOUCHABLE_SIGNALS & bit(signal)) != 0) {
        boolean ignored = (caller.ignoredSignals() & bit(signal)) != 0;
        Linux.setAction(signal, ignored ? Linux.SIG_IGN : Linux.SIG_DFL);
      }
    }
    if (caller.softCoreLimit().isPresent()) {
      Linux.setSoftCoreLimit(caller.softCoreLimit().getAsLong());
    }
    var kept = new ArrayList<>(caller.descriptors());
    kept.addAll(descriptors);
    Linux.keepOnly(kept);
    Linux.setSignalMask(caller.blockedSignals() & ~SYNCHRONOUS_SIGNALS);
    Linux.execute(program.toString(), arguments, withOurs(caller.environment()));
  }

  private List<byte[]> withOurs(List<byte[]> given) {
    List<byte[]> all = new ArrayList<>(given);
    environment.forEach(variable -> all.add(Linux.bytes(variable)));
    return all;
  }

  private static long bit(int signal) {
    return 1L << (signal - 1);
  }
}
