package eris.cli;

import eris.codec.Encoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The `eris` command: parses, runs one subcommand, tells what went wrong, exits.
@Command(
    name = "eris",
    synopsisSubcommandLabel = "COMMAND",
    description = "Encrypted, verified, content-addressed storage (ERIS 1.0.0).")
public final class Main {
  private static final List<Map.Entry<String, Class<?>>> COMMANDS =
      List.of(
          Map.entry("put", PutCommand.class),
          Map.entry("get", GetCommand.class),
          Map.entry("sum", SumCommand.class),
          Map.entry("info", InfoCommand.class),
          Map.entry("verify", VerifyCommand.class),
          Map.entry("run", RunCommand.class),
          Map.entry("link", LinkCommand.class),
          Map.entry("push", PushCommand.class),
          Map.entry("pull", PullCommand.class),
          Map.entry("sync", SyncCommand.class),
          Map.entry("serve", ServeCommand.class),
          Map.entry("pin", PinCommand.class),
          Map.entry("account", AccountCommand.class),
          Map.entry("token", TokenCommand.class),
          Map.entry("store", StoreCommand.class),
          Map.entry("image", ImageCommand.class),
          Map.entry("manifest", ManifestCommand.class),
          Map.entry("bench", BenchCommand.class),
          Map.entry("completion", CompletionCommand.class));

  @Option(names = "--version", description = "Show version, kernel and Java.")
  boolean version;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  private Main() {}

  public static void main(String[] args) {
    int exitCode = run(args, Io.ofProcess(SecureRandom::new));
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /// Runs one command line and returns its exit code.
  static int run(String[] args, Io io) {
    if (args.length == 1 && args[0].equals("--version")) {
      return attempt(() -> printVersion(io), false, io); // at once: building a parser takes longer
    }
    CommandLine commandLine = commandLineFor(args);
    try {
      ParseResult parsed = commandLine.parseArgs(args);
      if (printedHelp(parsed, io)) {
        return ExitCode.DONE.number();
      }
      if (commandLine.<Main>getCommand().version) {
        return attempt(() -> printVersion(io), false, io);
      }
      ParseResult deepest = deepest(parsed);
      if (!(deepest.commandSpec().userObject() instanceof ErisCommand command)) {
        throw new ParameterException(deepest.commandSpec().commandLine(), "no command given");
      }
      return attempt(() -> command.run(io), command.common.debug, io);
    } catch (ParameterException e) {
      return report(usageFailure(e), e, false, io);
    } catch (IOException e) {
      return report(Failures.of(e), e, false, io);
    }
  }

  /// The whole command line. `@FILE` is for commands to interpret: expanded here, the words of an
  /// untrusted file would become options.
  static CommandLine commandLine() {
    return commandLine(COMMANDS);
  }

  /// What is needed to parse `args`. Building a subcommand takes milliseconds and a run needs one.
  private static CommandLine commandLineFor(String[] args) {
    return COMMANDS.stream()
        .filter(command -> args.length > 0 && command.getKey().equals(args[0]))
        .findFirst()
        .map(command -> commandLine(List.of(command)))
        .orElseGet(Main::commandLine);
  }

  private static CommandLine commandLine(List<Map.Entry<String, Class<?>>> commands) {
    CommandLine commandLine = new CommandLine(new Main());
    commands.forEach(command -> commandLine.addSubcommand(command.getKey(), command.getValue()));
    return commandLine
        .setExpandAtFiles(false)
        .setAbbreviatedOptionsAllowed(false)
        .setUsageHelpWidth(100);
  }

  @FunctionalInterface
  private interface Action {
    void run() throws Exception;
  }

  private static int attempt(Action action, boolean debug, Io io) {
    try {
      action.run();
      return ExitCode.DONE.number();
    } catch (IOException e) {
      // Who reads our output has had enough, as in `eris get … | head`: no reason for words.
      return isBrokenPipe(e) ? ExitCode.FAILED.number() : report(Failures.of(e), e, debug, io);
    } catch (Exception | OutOfMemoryError | StackOverflowError e) {
      return report(Failures.of(e), e, debug, io);
    }
  }

  private static boolean isBrokenPipe(IOException e) {
    return "Broken pipe".equals(e.getMessage());
  }

  private static int report(Failure failure, Throwable thrown, boolean debug, Io io) {
    var text = new StringWriter();
    var lines = new PrintWriter(text);
    lines.println("eris: error: " + Printable.of(failure.line()));
    failure.hint().ifPresent(hint -> lines.println("eris: hint: " + Printable.of(hint)));
    if (debug) {
      thrown.printStackTrace(lines);
    }
    lines.flush();
    io.err().print(Redaction.of(text.toString()));
    io.err().flush();
    return failure.exitCode().number();
  }

  private static Failure usageFailure(ParameterException e) {
    String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage");
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    return new Failure(
        ExitCode.USAGE,
        line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1),
        "see " + command + " --help");
  }

  private static ParseResult deepest(ParseResult parsed) {
    return parsed.hasSubcommand() ? deepest(parsed.subcommand()) : parsed;
  }

  private static boolean printedHelp(ParseResult parsed, Io io) throws IOException {
    ParseResult deepest = deepest(parsed);
    if (!deepest.isUsageHelpRequested()) {
      return false;
    }
    String help = deepest.commandSpec().commandLine().getUsageMessage(Help.Ansi.OFF);
    io.println(help.stripTrailing());
    return true;
  }

  private static void printVersion(Io io) throws IOException {
    ModuleDescriptor module = Main.class.getModule().getDescriptor();
    io.println("eris " + (module == null ? "" : module.rawVersion().orElse("")));
    io.println("kernel: " + Encoder.kernelName());
    io.println("java: " + Runtime.version());
  }
}
