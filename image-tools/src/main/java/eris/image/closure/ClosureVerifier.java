package eris.image.closure;

import eris.BlockSize;
import eris.ErisException;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Decoder;
import eris.codec.Finding;
import eris.codec.TreeWalk;
import eris.format.ErisFs;
import eris.format.Manifest;
import eris.store.BlockSource;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads every object of a closure wholly and tells all that is wrong, of each file and of each file
/// in its directories. An object that several files have is read once, and its faults are told for
/// each.
public final class ClosureVerifier {
  private static final long MAX_TREE_BYTES = 1 << 30;

  private final BlockSource source;
  private final Visitor visitor;
  private final Map<ReadCapability, List<BlockFault>> walked = new HashMap<>();
  private long blocksRead;

  /// What a check reports.
  public interface Visitor {
    /// A block is about to be read.
    default void block(BlockSize size) {}

    void fault(Fault fault) throws IOException;
  }

  private record BlockFault(Finding finding, int level, long blockIndex) {}

  private ClosureVerifier(BlockSource source, Visitor visitor) {
    this.source = source;
    this.visitor = visitor;
  }

  /// @return how many blocks were read
  /// @throws IOException if the source fails or the visitor throws; faults are not thrown
  public static long verify(Manifest manifest, BlockSource source, Visitor visitor)
      throws IOException {
    var verifier = new ClosureVerifier(source, visitor);
    for (Map.Entry<String, Manifest.Entry> file : manifest.files().entrySet()) {
      verifier.verify(file.getKey(), file.getValue());
    }
    return verifier.blocksRead;
  }

  private void verify(String path, Manifest.Entry entry) throws IOException {
    if (!verify(path, entry.content())) {
      return;
    }
    try (Decoder decoder = Decoder.open(source, entry.content())) {
      if (decoder.size() != entry.size()) {
        fault(path, "%d bytes, the manifest says %d".formatted(decoder.size(), entry.size()));
      }
      if (entry.type() == Manifest.Type.TREE) {
        verifyTree(path, decoder);
      }
    } catch (ErisException e) {
      fault(path, String.valueOf(e.getMessage())); // a source that no longer has what it had
    }
  }

  private void verifyTree(String path, Decoder decoder) throws IOException {
    if (decoder.size() > MAX_TREE_BYTES) {
      fault(path, "too long for an ERIS-FS");
      return;
    }
    ErisFs tree;
    try {
      tree = ErisFs.decode(Channels.newInputStream(decoder).readAllBytes());
    } catch (ErisFs.MalformedException e) {
      fault(path, String.valueOf(e.getMessage()));
      return;
    }
    for (Map.Entry<ErisFs.Path, ErisFs.Entry> entry : tree.entries().entrySet()) {
      String inner = path + "/" + String.join("/", entry.getKey().names());
      switch (entry.getValue()) {
        case ErisFs.File(var content) -> verify(inner, content);
        case ErisFs.Executable(var content) -> verify(inner, content);
        case ErisFs.SymbolicLink _ -> {
          // nothing is read by it
        }
      }
    }
  }

  /// @return whether all blocks are right
  private boolean verify(String path, ReadCapability capability) throws IOException {
    List<BlockFault> faults = walked.get(capability);
    if (faults == null) {
      faults = walk(path, capability);
      walked.put(capability, faults);
    }
    int blockBytes = capability.blockSize().bytes();
    for (BlockFault fault : faults) {
      long index = fault.blockIndex();
      visitor.fault(
          new Fault.Block(path, fault.finding(), fault.level(), index, index * blockBytes));
    }
    return faults.isEmpty();
  }

  private List<BlockFault> walk(String path, ReadCapability capability) throws IOException {
    List<BlockFault> faults = new ArrayList<>();
    try {
      blocksRead += TreeWalk.walk(source, capability, collector(capability.blockSize(), faults));
    } catch (ErisException e) {
      fault(path, String.valueOf(e.getMessage())); // a level that no content has
    }
    return faults;
  }

  private TreeWalk.Visitor collector(BlockSize blockSize, List<BlockFault> faults) {
    return new TreeWalk.Visitor() {
      @Override
      public void block(Reference reference, int level) {
        visitor.block(blockSize);
      }

      @Override
      public void finding(Finding finding, int level, long leafIndex) {
        faults.add(new BlockFault(finding, level, leafIndex));
      }
    };
  }

  private void fault(String path, String detail) throws IOException {
    visitor.fault(new Fault.Mismatch(path, detail));
  }
}
