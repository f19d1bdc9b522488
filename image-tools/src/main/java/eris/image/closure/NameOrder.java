package eris.image.closure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Puts files in an order in which each comes after those whose names it will hold.
final class NameOrder {
  private final Function<ClosureFile, Collection<ClosureFile>> named;
  private final List<ClosureFile> order = new ArrayList<>();
  private final Set<ClosureFile> done = new HashSet<>();
  private final SequencedSet<ClosureFile> path = new LinkedHashSet<>();

  private NameOrder(Function<ClosureFile, Collection<ClosureFile>> named) {
    this.named = named;
  }

  /// @param named the files whose names a file will hold
  /// @throws ClosureException if there is a cycle, which it names: no order has it
  static List<ClosureFile> of(
      Collection<ClosureFile> files, Function<ClosureFile, Collection<ClosureFile>> named)
      throws ClosureException {
    var order = new NameOrder(named);
    for (ClosureFile file : files) {
      order.visit(file);
    }
    return order.order;
  }

  private void visit(ClosureFile file) throws ClosureException {
    if (done.contains(file)) {
      return;
    }
    if (!path.add(file)) {
      throw new ClosureException(
          "cycle " + cycle(file) + ": no name can be that of its content; --keep leaves one");
    }
    for (ClosureFile target : named.apply(file)) {
      visit(target);
    }
    path.removeLast();
    done.add(file);
    order.add(file);
  }

  private String cycle(ClosureFile file) {
    List<String> names =
        path.stream()
            .dropWhile(other -> other != file)
            .map(other -> ImagePath.lastName(other.path()))
            .collect(Collectors.toCollection(ArrayList::new));
    names.add(names.getFirst());
    return String.join(" -> ", names);
  }
}
