package eris.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Horizontal bars with their labels and values, as SVG.
final class BarChart {
  private static final int LABEL_WIDTH = 300;
  private static final int BAR_WIDTH = 440;
  private static final int ROW_HEIGHT = 22;
  private static final int TOP = 40;

  private final String title;
  private final List<Bar> bars = new ArrayList<>();

  private record Bar(String label, Rate rate) {}

  BarChart(String title) {
    this.title = title;
  }

  void add(String label, Rate rate) {
    bars.add(new Bar(label, rate));
  }

  String toSvg() {
    double max = bars.stream().mapToDouble(bar -> bar.rate().best()).max().orElse(1);
    int width = LABEL_WIDTH + BAR_WIDTH + 70;
    int height = TOP + bars.size() * ROW_HEIGHT + 10;
    var svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
        <rect width="100%%" height="100%%" fill="white"/>
        <text x="10" y="22" font-size="15">%s</text>
        """
            .formatted(width, height, escape(title)));
    for (int i = 0; i < bars.size(); i++) {
      append(svg, bars.get(i), TOP + i * ROW_HEIGHT, max);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void append(StringBuilder svg, Bar bar, int y, double max) {
    double length = BAR_WIDTH * bar.rate().best() / max;
    svg.append(
        String.format(
            Locale.ROOT,
            """
            <text x="%d" y="%d" text-anchor="end">%s</text>
            <rect x="%d" y="%d" width="%.1f" height="15" fill="%s"/>
            <text x="%.1f" y="%d">%.0f</text>
            """,
            LABEL_WIDTH - 8,
            y + 12,
            escape(bar.label()),
            LABEL_WIDTH,
            y,
            length,
            bar.label().contains(", eris ") ? "#2a7f62" : "#9aa5b1",
            LABEL_WIDTH + length + 6,
            y + 12,
            bar.rate().best()));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
