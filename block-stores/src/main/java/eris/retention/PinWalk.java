package eris.retention;

import eris.ErisException;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Decoder;
import eris.codec.Finding;
import eris.codec.TreeWalk;
import eris.format.ErisFs;
import eris.store.BlockSource;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Finds all blocks of pins: of every tree the internal nodes are read, each distinct one once, and
/// of a directory the list of its files.
final class PinWalk implements TreeWalk.Visitor {
  private static final int MAX_LIST_BYTES = 1 << 30; // as eris get -r

  private final BlockSource source;
  private final ReferenceSorter references;
  private final Set<ReadCapability> walked = new HashSet<>();
  private long missing;
  private long wrong;

  /// @param references takes what is found
  PinWalk(BlockSource source, ReferenceSorter references) {
    this.source = source;
    this.references = references;
  }

  /// Adds the blocks of a pin, as far as they can be known; what is in the way is counted.
  void add(Pin pin) throws IOException {
    addTree(pin.capability());
    if (pin.scope() == Pin.Scope.DIRECTORY) {
      for (ReadCapability file : files(pin.capability())) {
        addTree(file);
      }
    }
  }

  private void addTree(ReadCapability capability) throws IOException {
    if (walked.add(capability)) {
      try {
        TreeWalk.walkNodes(source, capability, this);
      } catch (ErisException.MalformedTree _) {
        wrong++;
      }
    }
  }

  private List<ReadCapability> files(ReadCapability list) throws IOException {
    try (Decoder decoder = Decoder.open(source, list)) {
      if (decoder.size() <= MAX_LIST_BYTES) {
        return files(ErisFs.decode(Channels.newInputStream(decoder).readAllBytes()));
      }
      wrong++;
    } catch (ErisException.MissingBlock _) {
      missing++;
    } catch (ErisException | ErisFs.MalformedException _) {
      wrong++;
    }
    return List.of();
  }

  private static List<ReadCapability> files(ErisFs directory) {
    return directory.entries().values().stream()
        .<ReadCapability>mapMulti(
            (entry, files) -> {
              switch (entry) {
                case ErisFs.File(var content) -> files.accept(content);
                case ErisFs.Executable(var content) -> files.accept(content);
                case ErisFs.SymbolicLink _ -> {}
              }
            })
        .toList();
  }

  @Override
  public void block(Reference reference, int level) throws IOException {
    references.add(reference);
  }

  @Override
  public void finding(Finding finding) {
    if (finding instanceof Finding.Missing) {
      missing++;
    } else {
      wrong++;
    }
  }

  /// Blocks, looked for so far, that are not there.
  long missing() {
    return missing;
  }

  /// Blocks that are bad, or not what the pin says.
  long wrong() {
    return wrong;
  }
}
