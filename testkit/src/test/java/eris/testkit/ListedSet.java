package eris.testkit;

import eris.Reference;
import eris.retention.LiveSet;
import eris.retention.ReferenceCursor;
import java.util.Iterator;
import java.util.SortedSet;

/// A live set in memory.
record ListedSet(SortedSet<Reference> references) implements LiveSet {
  @Override
  public ReferenceCursor open() {
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
