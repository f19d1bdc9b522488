package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The example rules for alerts, as Prometheus' own tool judges them.
final class AlertsIT extends RealCommand {
  private static final Path RULES = ERIS.resolveSibling("packaging/prometheus");

  @Test
  @Tag("wide")
  void everyRuleFiresWhenItShouldAndNotOtherwise() throws Exception {
    if (bash("command -v promtool").exitCode() != 0) {
      assertThat(System.getenv("CI")).as("promtool: apt-get install prometheus").isNull();
      return;
    }
    Outcome checked = bash("promtool check rules %s/eris-alerts.yml".formatted(RULES));
    assertThat(checked.exitCode()).as(checked.out() + checked.err()).isZero();
    Outcome tested = bash("cd %s && promtool test rules eris-alerts-test.yml".formatted(RULES));
    assertThat(tested.exitCode()).as(tested.out() + tested.err()).isZero();
    Outcome rules = bash("grep -c -- '- alert:' %s/eris-alerts.yml".formatted(RULES));
    Outcome tests = bash("grep alertname: %s/*-test.yml | sort -u | wc -l".formatted(RULES));
    assertThat(tests.out()).isEqualTo(rules.out()); // each has one
  }
}
