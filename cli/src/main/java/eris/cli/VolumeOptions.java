package eris.cli;

import eris.stores.MalformedStoreUrl;
import eris.stores.StoreUrl;
import eris.stores.VolumePath;
import picocli.CommandLine.Parameters;

/// Which volume a command works on.
final class VolumeOptions {
  @Parameters(
      paramLabel = "URL",
      description = "The volume: volume:///PATH, or volume:///DEVICE?partition=GUID.")
  String url = "";

  /// @throws Failure if the store is of another kind
  VolumePath place() throws MalformedStoreUrl, Failure {
    return place(StoreUrl.parse(url));
  }

  /// The volume that `url` names.
  ///
  /// @throws Failure if the store is of another kind
  static VolumePath place(StoreUrl url) throws Failure {
    if (url instanceof StoreUrl.Volume volume) {
      return volume.place();
    }
    throw new Failure(
        ExitCode.USAGE, "only volumes can be treated so", "name one as in volume:///PATH");
  }
}
