package eris.retention;

import eris.ErisException;
import java.io.IOException;

/// What says which blocks are kept is not what an account has signed: nothing may be removed by it.
public final class DamagedLiveSet extends IOException {
  private static final long serialVersionUID = 1;

  DamagedLiveSet(String detail) {
    super("damaged live set: " + detail);
  }

  DamagedLiveSet(ErisException cause) {
    super("damaged live set: " + cause.getMessage(), cause);
  }

  DamagedLiveSet(String detail, Throwable cause) {
    super("damaged live set: " + detail, cause);
  }
}
