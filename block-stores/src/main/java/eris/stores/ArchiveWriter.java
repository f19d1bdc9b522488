package eris.stores;

import eris.BlockSize;
import eris.ReadCapability;
import eris.Reference;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Writes a block archive (EER cbor) as a stream: `docs/formats/archive.md`. The same blocks and
/// capabilities in the same order always give the same bytes.
///
/// An archive without [#finish] lacks its end, and no reader takes it for a whole one.
public final class ArchiveWriter {
  private static final byte[] BEGIN = {(byte) 0xda, 'e', 'r', 'i', 's', (byte) 0x9f, (byte) 0xbf};
  private static final byte[] REFERENCE_HEAD = {0x58, Reference.BYTES};
  private static final int BREAK = 0xff;

  private final OutputStream out;
  private boolean inMap = true;

  /// Begins an archive. `out` should be buffered.
  public ArchiveWriter(OutputStream out) throws IOException {
    this.out = out;
    out.write(BEGIN);
  }

  /// Adds a block. The caller vouches that `reference` is its hash, and greater than those before.
  public void add(Reference reference, MemorySegment block) throws IOException {
    if (!inMap) {
      throw new IllegalStateException("blocks come before capabilities");
    }
    int size = BlockSize.of(block).bytes();
    byte[] key = new byte[Reference.BYTES];
    reference.writeTo(MemorySegment.ofArray(key), 0);
    out.write(REFERENCE_HEAD);
    out.write(key);
    out.write(new byte[] {0x59, (byte) (size >> 8), (byte) size});
    out.write(block.toArray(ValueLayout.JAVA_BYTE));
  }

  /// Adds a read capability, after all blocks. Whoever reads the archive can read that content.
  public void add(ReadCapability capability) throws IOException {
    endMap();
    out.write(capability.toCbor());
  }

  /// Writes the end mark, without which all before would be refused.
  public void finish() throws IOException {
    endMap();
    out.write(BREAK);
    out.flush();
  }

  private void endMap() throws IOException {
    if (inMap) {
      out.write(BREAK);
      inMap = false;
    }
  }
}
