package eris.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/// What one JVM measured, as it goes to the one that asked: lines of a name, a tab and values.
final class Results {
  private final Map<String, Rate> rates = new LinkedHashMap<>();
  private final Map<String, String> facts = new LinkedHashMap<>();

  static void print(String name, Rate rate) {
    System.out.printf("%s\t%s\t%s\t%s%n", name, rate.best(), rate.median(), rate.spread());
  }

  static void print(String name, Object fact) {
    System.out.printf("%s\t%s%n", name, fact);
  }

  static Results parse(String output) {
    var results = new Results();
    for (String line : output.lines().toList()) {
      String[] fields = line.split("\t", -1);
      if (fields.length == 4) {
        results.rates.put(
            fields[0],
            new Rate(
                Double.parseDouble(fields[1]),
                Double.parseDouble(fields[2]),
                Double.parseDouble(fields[3])));
      } else if (fields.length == 2) {
        results.facts.put(fields[0], fields[1]);
      }
    }
    return results;
  }

  Map<String, Rate> rates() {
    return rates;
  }

  /// NaN if it was not measured.
  double best(String name) {
    Rate rate = rates.get(name);
    return rate == null ? Double.NaN : rate.best();
  }

  /// NaN if it was not measured.
  double number(String name) {
    return Double.parseDouble(facts.getOrDefault(name, "NaN"));
  }

  String text(String name) {
    return facts.getOrDefault(name, "");
  }
}
