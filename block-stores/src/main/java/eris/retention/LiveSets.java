package eris.retention;

import java.io.IOException;
import java.util.List;

/// All that is wanted in a store.
@FunctionalInterface
public interface LiveSets {
  /// What is wanted at the moment of the call.
  ///
  /// @throws DamagedLiveSet if that cannot be told
  List<LiveSet> current() throws IOException;
}
