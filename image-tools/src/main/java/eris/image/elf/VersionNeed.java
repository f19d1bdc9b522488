package eris.image.elf;

import java.util.List;

/// The versions of symbols that a file needs of one library (an entry of `DT_VERNEED`).
///
/// @param file the library, by the name that `DT_NEEDED` has for it
/// @param versions as in `GLIBC_2.34`, in the order of the file
public record VersionNeed(String file, List<String> versions) {
  public VersionNeed {
    versions = List.copyOf(versions);
  }
}
