package eris.bench;

import java.util.Collection;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// JMH with all implementations that this machine has, where the command line names none.
public final class Jmh {
  private Jmh() {}

  public static void main(String[] args) throws Exception {
    var commandLine = new CommandLineOptions(args);
    ChainedOptionsBuilder options = new OptionsBuilder().parent(commandLine);
    addDefault(options, commandLine, "hash", Primitives.hashes().keySet());
    addDefault(options, commandLine, "keystream", Primitives.keystreams().keySet());
    addDefault(
        options, commandLine, "pipeline", Pipelines.all().stream().map(Pipeline::name).toList());
    new Runner(options.build()).run();
  }

  private static void addDefault(
      ChainedOptionsBuilder options,
      CommandLineOptions commandLine,
      String parameter,
      Collection<String> names) {
    if (!commandLine.getParameter(parameter).hasValue()) {
      options.param(parameter, names.toArray(new String[0]));
    }
  }
}
