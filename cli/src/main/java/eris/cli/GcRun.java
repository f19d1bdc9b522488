package eris.cli;

import eris.retention.AccountId;
import eris.retention.Collector;
import eris.retention.Head;
import eris.retention.Heads;
import eris.retention.LiveSet;
import eris.retention.LiveSets;
import eris.retention.PinFile;
import eris.retention.Pins;
import eris.retention.Promises;
import eris.retention.PublishedSets;
import eris.retention.Publisher;
import eris.retention.ReferenceSorter;
import eris.retention.Tally;
import eris.store.CollectableStore;
import eris.stores.Clock;
import eris.stores.Pace;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One collection of one store, as its user wants it.
final class GcRun {
  private static final int MAX_ANSWER_BYTES = 16;

  private final StoreGcCommand options;
  private final CollectableStore store;
  private final Io io;
  private final Promises promises;
  private final Heads heads;
  private final Publisher publisher;
  private final GcReport report;

  GcRun(StoreGcCommand options, CollectableStore store, Io io) {
    this.options = options;
    this.store = store;
    this.io = io;
    this.promises = new Promises(store);
    this.heads = new Heads(store);
    this.publisher = new Publisher(store, promises, heads);
    this.report = new GcReport(io, options.common.json);
  }

  void go() throws IOException, Failure {
    for (AccountId account : options.expired) {
      if (heads.of(account).isEmpty()) {
        throw new Failure(ExitCode.MISSING, "no live set of account " + account);
      }
    }
    boolean hasPins = !options.noPins && options.pins.exists(io);
    if (options.dryRun && hasPins) {
      surveyWithPins();
    } else if (options.dryRun) {
      survey(wanted());
    } else {
      if (hasPins) {
        publish();
      }
      collect();
    }
  }

  /// What all accounts want but those that are to be expired.
  private LiveSets wanted() {
    return () -> new PublishedSets(store, heads).currentExcept(Set.copyOf(options.expired));
  }

  private void survey(LiveSets wanted) throws IOException {
    try (var progress = new Progress(io, options.common.quiet)) {
      Tally tally = begin(wanted).survey(size -> progress.advance(size.bytes()));
      report.print(tally, true);
    }
  }

  /// Does as if the pins were published.
  private void surveyWithPins() throws IOException, Failure {
    Pins pins = options.pins.open(io).read().orElseThrow(GcRun::noPins);
    Set<AccountId> others = new HashSet<>(options.expired);
    others.add(pins.account().id());
    try (ReferenceSorter own = publisher.references(pins.pins())) {
      survey(
          () -> {
            List<LiveSet> sets = new PublishedSets(store, heads).currentExcept(others);
            sets.add(own);
            return sets;
          });
    }
  }

  /// The sequence is kept before anything is signed with it, so that none is used twice.
  private void publish() throws IOException, Failure {
    PinFile file = options.pins.open(io);
    if (file.read().isEmpty()) {
      throw noPins();
    }
    Pins pins =
        file.update(
            before -> {
              Optional<Head> present = heads.of(before.account().id());
              long last = Math.max(before.sequence(), present.map(Head::sequence).orElse(0L));
              return Optional.of(before.withSequence(last + 1));
            },
            new Stores(io, options.common.quiet).writer());
    report.published(publisher.publish(pins.account(), pins.sequence(), pins.pins()));
  }

  private static Failure noPins() {
    return new Failure(ExitCode.FAILED, "there is no such file of pins");
  }

  private Collector.Pass begin(LiveSets wanted) throws IOException {
    return new Collector(store, promises, wanted, Pace.of(options.rate, Clock.SYSTEM)).begin();
  }

  private void collect() throws IOException, Failure {
    try (var progress = new Progress(io, options.common.quiet)) {
      Collector.Pass pass = begin(wanted());
      if (!options.yes) {
        requireFew(pass.survey(size -> progress.advance(size.bytes())));
      }
      for (AccountId account : options.expired) {
        heads.expire(account);
      }
      report.print(pass.run(size -> progress.advance(size.bytes())), false);
    }
  }

  private void requireFew(Tally tally) throws IOException, Failure {
    if (100 * tally.shareGoing() <= options.maxShare) {
      return;
    }
    String line =
        "%d of %d blocks would go, more than %d %% of the store"
            .formatted(tally.going(), tally.all(), options.maxShare);
    if (!io.isInteractive() || !confirmed(line)) {
      throw new Failure(ExitCode.REFUSED, line, "to go on: --yes");
    }
  }

  private boolean confirmed(String line) throws IOException {
    io.err().print("eris: " + line + ". Go on? [y/N] ");
    io.err().flush();
    var answer = new StringBuilder();
    for (int c = io.in().read(); c >= 0 && c != '\n'; c = io.in().read()) {
      if (answer.length() < MAX_ANSWER_BYTES) {
        answer.append((char) c);
      }
    }
    return answer.toString().strip().equalsIgnoreCase("y");
  }
}
