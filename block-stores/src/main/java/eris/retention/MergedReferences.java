package eris.retention;

import eris.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// What is in at least one of several cursors, each reference once.
final class MergedReferences implements ReferenceCursor {
  private final List<ReferenceCursor> all = new ArrayList<>();
  private final PriorityQueue<ReferenceCursor> waiting =
      new PriorityQueue<>(Comparator.comparing(ReferenceCursor::reference));
  private Reference reference = Reference.LEAST;
  private boolean begun;

  /// Takes over `cursors`, none of which was moved yet, and closes them.
  MergedReferences(List<ReferenceCursor> cursors) throws IOException {
    all.addAll(cursors);
    for (ReferenceCursor cursor : cursors) {
      await(cursor);
    }
  }

  /// Opens all of `sets`.
  static MergedReferences open(List<LiveSet> sets) throws IOException {
    List<ReferenceCursor> cursors = new ArrayList<>();
    for (LiveSet set : sets) {
      cursors.add(set.open());
    }
    return new MergedReferences(cursors);
  }

  private void await(ReferenceCursor cursor) throws IOException {
    if (cursor.advance()) {
      waiting.add(cursor);
    }
  }

  @Override
  public boolean advance() throws IOException {
    while (begun && !waiting.isEmpty() && waiting.peek().reference().equals(reference)) {
      await(waiting.remove());
    }
    begun = true;
    if (waiting.isEmpty()) {
      return false;
    }
    reference = waiting.peek().reference();
    return true;
  }

  @Override
  public Reference reference() {
    return reference;
  }

  @Override
  public void close() throws IOException {
    for (ReferenceCursor cursor : all) {
      cursor.close();
    }
  }
}
