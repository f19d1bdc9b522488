package eris.codec;

import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.Reference;
import eris.store.BlockSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a walk reported.
final class Findings implements TreeWalk.Visitor {
  final Map<Reference, Integer> levels = new LinkedHashMap<>();
  final List<Finding> findings = new ArrayList<>();
  long blocksRead;

  private Findings() {}

  static Findings of(BlockSource source, ReadCapability capability) throws IOException {
    var findings = new Findings();
    findings.blocksRead = TreeWalk.walk(source, capability, findings);
    return findings;
  }

  static Findings ofCanonical(
      BlockSource source, ReadCapability capability, ConvergenceSecret secret) throws IOException {
    var findings = new Findings();
    findings.blocksRead = TreeWalk.walkCanonical(source, capability, secret, findings);
    return findings;
  }

  static Findings ofNodes(BlockSource source, ReadCapability capability) throws IOException {
    var findings = new Findings();
    findings.blocksRead = TreeWalk.walkNodes(source, capability, findings);
    return findings;
  }

  @Override
  public void block(Reference reference, int level) {
    if (levels.put(reference, level) != null) {
      throw new AssertionError("visited twice: " + reference);
    }
  }

  @Override
  public void finding(Finding finding) {
    findings.add(finding);
  }
}
