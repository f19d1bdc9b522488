package eris.retention;

import eris.Reference;
import eris.codec.Finding;
import eris.codec.TreeWalk;
import eris.store.BlockSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The live set that a head names: all references of its list, and the blocks that hold the list.
///
/// Takes 512 KiB while it is gone through, and 100 bytes for each block of the list, of which there
/// is one for a thousand references.
final class PublishedSet implements LiveSet {
  private final BlockSource source;
  private final Head head;
  private final SortedSet<Reference> blocksOfList;

  private PublishedSet(BlockSource source, Head head, SortedSet<Reference> blocksOfList) {
    this.source = source;
    this.head = head;
    this.blocksOfList = blocksOfList;
  }

  /// Reads the list from its first to its last block, so that nothing is decided by one of which a
  /// part is bad.
  ///
  /// @throws DamagedLiveSet if it is not the list that was published
  static PublishedSet verified(BlockSource source, Head head) throws IOException {
    SortedSet<Reference> blocksOfList = new TreeSet<>();
    List<Finding> findings = new ArrayList<>();
    TreeWalk.walkNodes(
        source,
        head.list(),
        new TreeWalk.Visitor() {
          @Override
          public void block(Reference reference, int level) {
            blocksOfList.add(reference);
          }

          @Override
          public void finding(Finding finding) {
            findings.add(finding);
          }
        });
    if (!findings.isEmpty()) {
      throw new DamagedLiveSet(Finding.describe(findings.getFirst()));
    }
    var set = new PublishedSet(source, head, blocksOfList);
    try (ReferenceCursor list = set.list()) {
      while (list.advance()) {}
    }
    return set;
  }

  private ReferenceCursor list() throws IOException {
    return ReferenceList.read(source, head.list(), head.count());
  }

  @Override
  public ReferenceCursor open() throws IOException {
    return new MergedReferences(List.of(list(), cursorOver(blocksOfList)));
  }

  private static ReferenceCursor cursorOver(SortedSet<Reference> references) {
    Iterator<Reference> iterator = references.iterator();
    return new ReferenceCursor() {
      private Reference reference = Reference.LEAST;

      @Override
      public boolean advance() {
        boolean more = iterator.hasNext();
        reference = more ? iterator.next() : reference;
        return more;
      }

      @Override
      public Reference reference() {
        return reference;
      }

      @Override
      public void close() {}
    };
  }
}
