package eris.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import eris.ErisException.CorruptBlock;
import eris.ReadCapability;
import eris.Reference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// To search: `JAZZER_FUZZ=1 mvn test -pl block-stores -am -Dtest=ArchiveFuzzTest
/// -Dsurefire.failIfNoSpecifiedTests=false`.
class ArchiveFuzzTest {
  @FuzzTest
  void whatIsReadCanBeWrittenAndReadAgain(byte[] input) throws IOException {
    var rewritten = new Rewriter();
    try {
      ArchiveReader.read(new ByteArrayInputStream(input), rewritten);
    } catch (MalformedArchive e) {
      assertThat(e).hasMessageStartingWith("malformed archive at byte ");
      return;
    }
    var again = new Rewriter();
    ArchiveReader.read(new ByteArrayInputStream(rewritten.finish()), again);
    assertThat(again.finish()).isEqualTo(rewritten.finish());
  }

  /// Writes what it is told.
  private static final class Rewriter implements ArchiveReader.Visitor {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ArchiveWriter writer = new ArchiveWriter(out);
    private byte[] whole = {};

    Rewriter() throws IOException {}

    @Override
    public void block(Reference reference, MemorySegment block, long offsetBytes)
        throws IOException {
      assertThat(Reference.of(block)).isEqualTo(reference);
      writer.add(reference, block);
    }

    @Override
    public void corrupt(CorruptBlock corrupt) {
      assertThat(corrupt).hasMessageContaining("does not hash to its reference");
    }

    @Override
    public void capability(ReadCapability capability) throws IOException {
      writer.add(capability);
    }

    byte[] finish() throws IOException {
      if (whole.length == 0) {
        writer.finish();
        whole = out.toByteArray();
      }
      return whole;
    }
  }
}
