package eris.server.http;

import eris.Reference;
import eris.server.blocks.BlockService;
import eris.server.blocks.Overloaded;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// Has blocks looked up in the store, for all connections of an event loop. What is asked for in one turn
/// of the loop goes to another thread together where that is soon done, and comes back in batches: waking
/// a thread takes longer than reading a block, and many blocks are hashed sooner than one by one. Of the
/// event loop alone.
final class ColdReads {
  /// How many blocks are hashed in one go, at most: as many as kernels hash side by side.
  static final int MOST_TOGETHER = 8;

  private final EventLoop loop;
  private final BlockService blocks;
  private final List<Asker> waiting = new ArrayList<>();

  ColdReads(EventLoop loop, BlockService blocks) {
    this.loop = loop;
    this.blocks = blocks;
  }

  /// Who waits for blocks, and changes nothing about what it asked for until it is told.
  interface Asker {
    /// At least one and at most [#MOST_TOGETHER] references.
    List<Reference> asked();

    /// Takes the blocks, and releases them. One that is not there may be missing, corrupt, or its answer
    /// unknown.
    void found(List<Optional<ByteBuf>> blocks);
  }

  void add(Asker asker) {
    if (waiting.isEmpty()) {
      loop.execute(this::lookUp); // when all that can be read has been
    }
    waiting.add(asker);
  }

  private void lookUp() {
    for (List<List<Asker>> batches :
        split(
            split(waiting, asker -> asker.asked().size(), MOST_TOGETHER),
            ColdReads::count,
            blocks.bestTogether())) {
      try {
        blocks.execute(() -> batches.forEach(this::lookUp));
      } catch (Overloaded e) {
        batches.forEach(batch -> tell(batch, nothing(count(batch))));
      }
    }
    waiting.clear();
  }

  /// Divides what has sizes into parts of at most `most` together, or of one.
  private static <T> List<List<T>> split(List<T> all, ToIntFunction<T> size, int most) {
    List<List<T>> parts = new ArrayList<>();
    int room = 0;
    for (T one : all) {
      int needed = size.applyAsInt(one);
      if (parts.isEmpty() || needed > room) {
        parts.add(new ArrayList<>());
        room = most;
      }
      parts.getLast().add(one);
      room -= needed;
    }
    return parts;
  }

  private static int count(List<Asker> askers) {
    return askers.stream().mapToInt(asker -> asker.asked().size()).sum();
  }

  /// On another thread.
  private void lookUp(List<Asker> askers) {
    List<Reference> references = askers.stream().flatMap(a -> a.asked().stream()).toList();
    List<Optional<ByteBuf>> found = attempt(references);
    loop.execute(() -> tell(askers, found));
  }

  /// Who is told of nothing asks again on the long way, where failures are seen and told.
  private List<Optional<ByteBuf>> attempt(List<Reference> references) {
    try {
      return blocks.getAll(references);
    } catch (RuntimeException | OutOfMemoryError e) {
      return nothing(references.size());
    }
  }

  private static List<Optional<ByteBuf>> nothing(int count) {
    return Collections.nCopies(count, Optional.empty());
  }

  private static void tell(List<Asker> askers, List<Optional<ByteBuf>> found) {
    int next = 0;
    for (Asker asker : askers) {
      int end = next + asker.asked().size();
      asker.found(found.subList(next, end));
      next = end;
    }
  }
}
