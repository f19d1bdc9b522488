package eris.image.closure;

import eris.BlockSize;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Finding;
import eris.codec.TreeWalk;
import eris.format.Manifest;
import eris.store.BlockSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What is different between two closures, and what who has the first has to get for the second.
///
/// @param changes by path, in order
/// @param missing the objects that only the second has, each once
public record ClosureDiff(List<Change> changes, List<Manifest.Entry> missing) {
  public ClosureDiff {
    changes = List.copyOf(changes);
    missing = List.copyOf(missing);
  }

  /// One file that is not the same in both: it is in one, or with other content, or asks for other
  /// things.
  public record Change(
      String path, Optional<Manifest.Entry> before, Optional<Manifest.Entry> after) {
    public Kind kind() {
      if (before.isEmpty()) {
        return Kind.NEW;
      }
      if (after.isEmpty()) {
        return Kind.GONE;
      }
      return before.get().content().equals(after.get().content()) ? Kind.ROUTED : Kind.CHANGED;
    }
  }

  public enum Kind {
    NEW,
    GONE,
    /// With other content.
    CHANGED,
    /// With the same content, but what it asks for is elsewhere.
    ROUTED
  }

  public static ClosureDiff between(Manifest before, Manifest after) {
    Set<String> paths = new TreeSet<>(before.files().keySet());
    paths.addAll(after.files().keySet());
    List<Change> changes = new ArrayList<>();
    for (String path : paths) {
      Manifest.Entry old = before.files().get(path);
      Manifest.Entry now = after.files().get(path);
      if (!Objects.equals(old, now)) {
        changes.add(new Change(path, Optional.ofNullable(old), Optional.ofNullable(now)));
      }
    }
    Set<ReadCapability> held = contents(before);
    List<Manifest.Entry> missing = new ArrayList<>();
    for (Manifest.Entry entry : after.files().values()) {
      if (held.add(entry.content())) {
        missing.add(entry);
      }
    }
    return new ClosureDiff(changes, missing);
  }

  private static Set<ReadCapability> contents(Manifest manifest) {
    Set<ReadCapability> contents = new LinkedHashSet<>();
    manifest.files().values().forEach(entry -> contents.add(entry.content()));
    return contents;
  }

  public long count(Kind kind) {
    return changes.stream().filter(change -> change.kind() == kind).count();
  }

  /// The size of the missing objects, files in directories not counted.
  public long missingBytes() {
    return missing.stream().mapToLong(Manifest.Entry::size).sum();
  }

  /// How many blocks the missing objects have at most: as many as if no two were equal.
  public long maxMissingBlocks() {
    return missing.stream()
        .mapToLong(entry -> maxBlocks(entry.content().blockSize(), entry.size()))
        .sum();
  }

  private static long maxBlocks(BlockSize blockSize, long size) {
    long nodes = size / blockSize.bytes() + 1;
    long blocks = nodes;
    while (nodes > 1) {
      nodes = (nodes - 1) / blockSize.arity() + 1;
      blocks += nodes;
    }
    return blocks;
  }

  /// How many blocks who has `before` lacks, told by the internal nodes, which `source` must have.
  /// Files in directories are not counted.
  public long missingBlocks(Manifest before, BlockSource source) throws IOException {
    Set<Reference> held = new HashSet<>();
    for (ReadCapability content : contents(before)) {
      TreeWalk.walkNodes(source, content, collectingInto(held));
    }
    Set<Reference> wanted = new HashSet<>();
    for (Manifest.Entry entry : missing) {
      TreeWalk.walkNodes(source, entry.content(), collectingInto(wanted));
    }
    wanted.removeAll(held);
    return wanted.size();
  }

  private static TreeWalk.Visitor collectingInto(Set<Reference> references) {
    return new TreeWalk.Visitor() {
      @Override
      public void block(Reference reference, int level) {
        references.add(reference);
      }

      @Override
      public void finding(Finding finding) throws IOException {
        throw new IOException(Finding.describe(finding));
      }
    };
  }
}
