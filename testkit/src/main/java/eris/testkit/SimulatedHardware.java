package eris.testkit;

/// What tests tell a simulated disk to do: lose power, or fail, at a call counted from 0. Safe for
/// concurrent use.
public abstract sealed class SimulatedHardware permits SimulatedDevice, SimulatedFiles {
  private long calls;
  private long cutAt = Long.MAX_VALUE;
  private long failFrom = Long.MAX_VALUE;
  private long failUntil = Long.MAX_VALUE;
  private boolean flushesFail;

  SimulatedHardware() {}

  /// The machine is off. Not an [java.io.IOException], so that no program survives it.
  public static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1;

    PowerCut() {}
  }

  /// The number of calls so far.
  public final synchronized long calls() {
    return calls;
  }

  /// Cuts the power at the call with this number.
  public final synchronized void cutAt(long call) {
    cutAt = call;
  }

  /// Lets the call with this number fail.
  public final synchronized void failAt(long call) {
    failFrom = call;
    failUntil = call + 1;
  }

  /// Lets this call and all later ones fail.
  public final synchronized void failFrom(long call) {
    failFrom = call;
    failUntil = Long.MAX_VALUE;
  }

  /// Lets each flush fail from now on.
  public final synchronized void failFlushes() {
    flushesFail = true;
  }

  /// Lets flushes succeed again. What a failed one left behind stays lost.
  public final synchronized void healFlushes() {
    flushesFail = false;
  }

  final synchronized boolean flushesFail() {
    return flushesFail;
  }

  /// Whether the power is cut at the next call.
  final synchronized boolean isCutNext() {
    return calls == cutAt;
  }

  /// Counts a call.
  ///
  /// @return whether it is to fail
  /// @throws PowerCut if the power was cut at an earlier one
  final synchronized boolean countCall() {
    long call = calls++;
    if (call > cutAt) {
      throw new PowerCut();
    }
    return failFrom <= call && call < failUntil;
  }
}
