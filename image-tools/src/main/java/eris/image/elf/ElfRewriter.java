package eris.image.elf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;

/// Writes an ELF file with other names in it. One file and the same edits always give the same bytes.
///
/// Strings that the file lacks are added to a copy of its string table, which is loaded by one more
/// segment ([NewSegment]); all else stays where it is. Names of needed libraries change in
/// `DT_NEEDED` and in the needs of versions, section headers follow. What was written is to be
/// checked with [#check], which reads it again; [#toMemory] does both.
public final class ElfRewriter {
  private final ElfFile file;
  private final ElfEdits edits;
  private final Patches patches;

  private ElfRewriter(ElfFile file, ElfEdits edits, Patches patches) {
    this.file = file;
    this.edits = edits;
    this.patches = patches;
  }

  /// Plans the new file. Nothing is written yet.
  ///
  /// @throws RefusedRewrite if `file` has no room for what is wanted, or nothing to edit
  public static ElfRewriter of(ElfFile file, ElfEdits edits) throws RefusedRewrite {
    return new ElfRewriter(file, edits, new RewritePlan(file, edits).patches());
  }

  /// The size of the new file.
  public long sizeBytes() {
    return patches.size();
  }

  /// Writes the new file.
  public void writeTo(WritableByteChannel out) throws IOException {
    patches.writeTo(out);
  }

  /// Reads the new file, which has been written, and compares it with the old one and what was meant.
  ///
  /// @throws RefusedRewrite if it is anything else, or the loader would not load it
  public void check(MemorySegment written) throws RefusedRewrite {
    new RewriteCheck(file, edits).check(written);
  }

  /// The new file in memory, checked.
  public MemorySegment toMemory(Arena arena) throws IOException {
    MemorySegment written = arena.allocate(sizeBytes());
    patches.writeTo(written);
    check(written);
    return written;
  }
}
