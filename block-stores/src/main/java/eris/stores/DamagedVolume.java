package eris.stores;

import java.io.IOException;

/// The bytes are no volume, or a volume whose own records are lost or contradict each other. Its
/// blocks may be there all the same: a rebuild finds them.
public final class DamagedVolume extends IOException {
  private static final long serialVersionUID = 1;

  DamagedVolume(String detail) {
    super(detail);
  }
}
