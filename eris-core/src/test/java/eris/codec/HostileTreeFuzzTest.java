package eris.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import eris.ErisException;
import eris.Reference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Trees made by an adversary: readers end with an [ErisException] or with the content, after few
/// reads, and the decoder and the walk agree which trees are good.
///
/// To search: `JAZZER_FUZZ=1 mvn test -pl eris-core -Dtest=HostileTreeFuzzTest`.
class HostileTreeFuzzTest {
  private static final int SMALL_BYTES = 256 * 1024;
  private static final int READ_BYTES = 4 * 1024;

  @FuzzTest
  void readersAgreeAndStayWithinBounds(byte[] instructions) throws IOException {
    List<Finding> findings = walk(new HostileTree(instructions));
    var tree = new HostileTree(instructions);
    Optional<Decoder> decoder = open(tree);
    if (decoder.isEmpty()) {
      assertThat(findings).isNotEmpty();
      return;
    }
    boolean readable =
        readAt(tree, decoder.get(), 0)
            && readAt(tree, decoder.get(), decoder.get().size() / 2)
            && readAt(tree, decoder.get(), Math.max(0, decoder.get().size() - READ_BYTES));
    if (!readable) {
      assertThat(findings).isNotEmpty();
    }
    if (decoder.get().size() <= SMALL_BYTES) {
      assertThat(readsToTheEnd(decoder.get())).isEqualTo(findings.isEmpty());
    }
  }

  /// A level that no content has is thrown; it counts as something wrong, like any finding.
  private static List<Finding> walk(HostileTree tree) throws IOException {
    var visits = new Visits();
    try {
      TreeWalk.walk(tree, tree.capability(), visits);
    } catch (ErisException.MalformedTree e) {
      assertThat(tree.reads()).isZero();
      return List.of(new Finding.Malformed(tree.capability().root().reference(), e.detail()));
    }
    // A block can be a node at each level; it is asked for in a batch and then alone.
    assertThat(tree.reads()).isLessThanOrEqualTo(2 * visits.blocks.size() * (maxLevel(tree) + 1));
    return visits.findings;
  }

  private static final class Visits implements TreeWalk.Visitor {
    private final Set<Reference> blocks = new HashSet<>();
    private final List<Finding> findings = new ArrayList<>();

    @Override
    public void block(Reference reference, int level) {
      assertThat(blocks.add(reference)).isTrue();
    }

    @Override
    public void finding(Finding finding) {
      findings.add(finding);
    }
  }

  private static Optional<Decoder> open(HostileTree tree) throws IOException {
    try {
      return Optional.of(Decoder.open(tree, tree.capability()));
    } catch (ErisException _) {
      return Optional.empty();
    } finally {
      assertThat(tree.reads()).isLessThanOrEqualTo(maxLevel(tree) + 2);
    }
  }

  private static boolean readAt(HostileTree tree, Decoder decoder, long position)
      throws IOException {
    int before = tree.reads();
    try {
      decoder.position(position).read(ByteBuffer.allocate(READ_BYTES));
      return true;
    } catch (ErisException _) {
      return false;
    } finally {
      int leaves = READ_BYTES / tree.capability().blockSize().bytes() + 1;
      assertThat(tree.reads() - before).isLessThanOrEqualTo(4 * (leaves + maxLevel(tree)));
    }
  }

  private static boolean readsToTheEnd(Decoder decoder) throws IOException {
    long total = 0;
    ByteBuffer buffer = ByteBuffer.allocate(10_000);
    decoder.position(0);
    try {
      for (int read = 0; read >= 0; read = decoder.read(buffer.clear())) {
        total += read;
      }
    } catch (ErisException _) {
      return false;
    }
    assertThat(total).isEqualTo(decoder.size());
    return true;
  }

  private static int maxLevel(HostileTree tree) {
    return tree.capability().blockSize().maxLevel();
  }
}
