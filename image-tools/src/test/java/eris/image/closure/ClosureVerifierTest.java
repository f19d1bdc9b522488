package eris.image.closure;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Encoder;
import eris.codec.Finding;
import eris.codec.TreeWalk;
import eris.format.ErisFs;
import eris.format.Manifest;
import eris.store.BlockSource;
import eris.store.MemoryBlockStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ClosureVerifierTest {
  private static final int BLOCK_BYTES = 1024;
  private static final int LEAVES = 300; // under two levels of internal nodes

  private final MemoryBlockStore store = new MemoryBlockStore();
  private final List<Reference> order = new ArrayList<>(); // leaves, as they are encoded
  private final byte[] content = new byte[LEAVES * BLOCK_BYTES - 100];
  private final ReadCapability capability = encode(content);

  ClosureVerifierTest() throws IOException {}

  private ReadCapability encode(byte[] bytes) throws IOException {
    new Random(7).nextBytes(content);
    return new Encoder(
            BlockSize.KIB_1,
            (reference, block) -> {
              order.add(reference);
              store.put(reference, block);
            },
            1,
            16)
        .encode(new ByteArrayInputStream(bytes), ConvergenceSecret.nullSecret());
  }

  private static Manifest manifest(Map<String, Manifest.Entry> files) {
    return new Manifest(
        "x86_64",
        Manifest.Naming.ROUTE,
        List.of(files.keySet().iterator().next()),
        new TreeMap<>(files),
        new TreeMap<>());
  }

  private List<String> faults(Manifest manifest, BlockSource source) throws IOException {
    List<String> faults = new ArrayList<>();
    ClosureVerifier.verify(manifest, source, fault -> faults.add(Fault.describe(fault)));
    return faults;
  }

  private Manifest manifest() {
    return manifest(
        Map.of("lib/x", Manifest.Entry.of(capability, content.length, Manifest.Type.DATA)));
  }

  @Test
  void nothingIsWrongWithWhatIsWhole() throws IOException {
    assertThat(faults(manifest(), store)).isEmpty();
    assertThat(ClosureVerifier.verify(manifest(), store, _ -> {})).isEqualTo(store.count());
  }

  @Test
  void aMissingLeafIsToldByItsPlace() throws IOException {
    List<Reference> leaves = leavesInOrder();
    for (int i = LEAVES - 1; i >= 0; i -= 23) {
      Reference gone = leaves.get(i);
      assertThat(faults(manifest(), without(gone)))
          .containsExactly(
              "lib/x: block %d at byte %d: missing %s".formatted(i, i * BLOCK_BYTES, gone));
    }
  }

  @Test
  void aDamagedBlockAndAMissingNodeAreBothTold() throws IOException {
    Reference damaged = leavesInOrder().get(200);
    Reference node = internal(16); // the second of level 1
    BlockSource source =
        (reference, target) -> {
          Optional<MemorySegment> block =
              reference.equals(node) ? Optional.empty() : store.get(reference, target);
          if (reference.equals(damaged)) {
            target.set(ValueLayout.JAVA_BYTE, 5, (byte) (target.get(ValueLayout.JAVA_BYTE, 5) ^ 1));
          }
          return block;
        };

    assertThat(faults(manifest(), source))
        .hasSize(2)
        .anyMatch(fault -> fault.startsWith("lib/x: block 200 at byte 204800: corrupt " + damaged))
        .anyMatch(
            fault ->
                fault.equals(
                    "lib/x: blocks from 16 at byte 16384, by the node of level 1 above: missing "
                        + node));
  }

  @Test
  void anObjectOfTwoFilesIsReadOnceAndToldTwice() throws IOException {
    var entry = Manifest.Entry.of(capability, content.length, Manifest.Type.DATA);
    Manifest manifest = manifest(Map.of("lib/x", entry, "lib/y", entry));
    List<String> faults = new ArrayList<>();
    long read =
        ClosureVerifier.verify(
            manifest, without(leavesInOrder().get(3)), fault -> faults.add(fault.path()));

    assertThat(faults).containsExactly("lib/x", "lib/y");
    assertThat(read).isLessThanOrEqualTo(store.count());
  }

  @Test
  void anotherSizeThanTheManifestsIsAFault() throws IOException {
    assertThat(
            faults(
                manifest(Map.of("lib/x", Manifest.Entry.of(capability, 5, Manifest.Type.DATA))),
                store))
        .containsExactly("lib/x: %d bytes, the manifest says 5".formatted(content.length));
  }

  @Test
  void filesInDirectoriesAreReadToo() throws IOException {
    List<Reference> leaves = leavesInOrder();
    byte[] list =
        new ErisFs(
                new TreeMap<>(Map.of(ErisFs.Path.of("a", "b"), new ErisFs.Executable(capability))))
            .encode();
    ReadCapability tree = encode(list);
    Manifest manifest =
        manifest(
            Map.of(
                "share/t", Manifest.Entry.of(tree, list.length, Manifest.Type.TREE),
                "share/u", Manifest.Entry.of(capability, content.length, Manifest.Type.TREE)));

    assertThat(faults(manifest, without(leaves.get(9))))
        .hasSize(2)
        .anyMatch(fault -> fault.startsWith("share/t/a/b: block 9 at byte 9216: missing "));
    assertThat(faults(manifest, store))
        .singleElement()
        .asString()
        .startsWith("share/u: malformed ERIS-FS: ");
  }

  private BlockSource without(Reference gone) {
    return (reference, target) ->
        reference.equals(gone) ? Optional.empty() : store.get(reference, target);
  }

  /// The blocks that are told when each alone is missing, in the order of the content: an encoder
  /// passes on internal nodes between leaves.
  private List<Reference> leavesInOrder() throws IOException {
    List<Reference> leaves = new ArrayList<>();
    TreeWalk.Visitor visitor =
        new TreeWalk.Visitor() {
          @Override
          public void block(Reference reference, int level) {
            if (level == 0) {
              leaves.add(reference);
            }
          }
        };
    TreeWalk.walk(store, capability, visitor);
    return order.stream().filter(leaves::contains).toList();
  }

  /// The internal node of level 1 over the leaf with this index.
  private Reference internal(long leafIndex) throws IOException {
    List<Reference> found = new ArrayList<>();
    List<Reference> leaves = leavesInOrder();
    for (Reference candidate : order.stream().filter(block -> !leaves.contains(block)).toList()) {
      BlockSource source = without(candidate);
      ClosureVerifier.verify(
          manifest(),
          source,
          fault -> {
            if (fault instanceof Fault.Block block
                && block.level() == 1
                && block.blockIndex() == leafIndex
                && block.finding() instanceof Finding.Missing) {
              found.add(candidate);
            }
          });
    }
    return found.getFirst();
  }
}
