package eris.retention;

import eris.Reference;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Brings any number of references into order, each of them once, in bounded memory: what does not
/// fit goes to a temporary file in sorted runs, which are merged when they are read.
///
/// 2^18 references, 14 MB, are held, and 16 KiB for each run: 10 million references need 15 MB of
/// memory and 320 MB of file. Nobody else may read the file, and it is gone when this is closed.
public final class ReferenceSorter implements LiveSet, Closeable {
  private static final int HELD_REFERENCES = 1 << 18;
  private static final int RUN_BUFFER_REFERENCES = 512;

  private final Reference[] held;
  private final List<Run> runs = new ArrayList<>();
  private int count; // of those held
  private long spilled;
  private @Nullable FileChannel file; // once something is spilled

  /// A part of the file, sorted.
  private record Run(long offset, long endOffset) {}

  public ReferenceSorter() {
    this(HELD_REFERENCES);
  }

  /// @param heldReferences how many fit into memory
  ReferenceSorter(int heldReferences) {
    held = new Reference[heldReferences];
  }

  public void add(Reference reference) throws IOException {
    if (count == held.length) {
      sortHeld();
      if (2 * count > held.length) {
        spill();
      }
    }
    held[count++] = reference;
  }

  /// How many references there are, at most: one that came often may count more than once.
  public long countAtMost() {
    return spilled + count;
  }

  /// Those that were added so far. Adding more ends what is open.
  @Override
  public ReferenceCursor open() throws IOException {
    sortHeld();
    List<ReferenceCursor> cursors = new ArrayList<>();
    for (Run run : runs) {
      cursors.add(new RunCursor(Objects.requireNonNull(file), run));
    }
    cursors.add(new HeldCursor());
    return new MergedReferences(cursors);
  }

  private void sortHeld() {
    Arrays.sort(held, 0, count);
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      if (distinct == 0 || !held[i].equals(held[distinct - 1])) {
        held[distinct++] = held[i];
      }
    }
    count = distinct;
  }

  private void spill() throws IOException {
    if (file == null) {
      file = temporaryFile();
    }
    long offset = file.size();
    ByteBuffer buffer = ByteBuffer.allocate(RUN_BUFFER_REFERENCES * Reference.BYTES);
    for (int begin = 0; begin < count; begin += RUN_BUFFER_REFERENCES) {
      int end = Math.min(begin + RUN_BUFFER_REFERENCES, count);
      for (int i = begin; i < end; i++) {
        held[i].writeTo(
            MemorySegment.ofArray(buffer.array()), (long) (i - begin) * Reference.BYTES);
      }
      buffer.clear().limit((end - begin) * Reference.BYTES);
      while (buffer.hasRemaining()) {
        file.write(buffer, offset + (long) begin * Reference.BYTES + buffer.position());
      }
    }
    runs.add(new Run(offset, file.size()));
    spilled += count;
    count = 0;
  }

  private static FileChannel temporaryFile() throws IOException {
    Path path = Files.createTempFile("eris-live-set", "");
    return FileChannel.open(
        path,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  private final class HeldCursor implements ReferenceCursor {
    private int next;

    @Override
    public boolean advance() {
      return ++next <= count;
    }

    @Override
    public Reference reference() {
      return held[next - 1];
    }

    @Override
    public void close() {}
  }

  private static final class RunCursor implements ReferenceCursor {
    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocate(RUN_BUFFER_REFERENCES * Reference.BYTES);
    private final long end;
    private long offset;
    private Reference reference = Reference.LEAST;

    RunCursor(FileChannel file, Run run) {
      this.file = file;
      this.offset = run.offset();
      this.end = run.endOffset();
      buffer.limit(0);
    }

    @Override
    public boolean advance() throws IOException {
      if (!buffer.hasRemaining() && !fill()) {
        return false;
      }
      reference = Reference.readFrom(MemorySegment.ofArray(buffer.array()), buffer.position());
      buffer.position(buffer.position() + Reference.BYTES);
      return true;
    }

    private boolean fill() throws IOException {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - offset));
      while (buffer.hasRemaining()) {
        int read = file.read(buffer, offset);
        if (read < 0) {
          throw new IOException("the temporary file of a live set was cut short");
        }
        offset += read;
      }
      buffer.flip();
      return buffer.hasRemaining();
    }

    @Override
    public Reference reference() {
      return reference;
    }

    @Override
    public void close() {} // the file is the sorter's
  }
}
