package eris.cli;

import eris.Base32;
import eris.ConvergenceSecret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// How content is encoded, and which.
final class EncodeOptions {
  @ArgGroup(exclusive = true)
  Secrecy secrecy = new Secrecy();

  @Option(
      names = "--block-size",
      paramLabel = "auto|1KiB|32KiB",
      description = "Size of the blocks. auto (default): 1KiB below 16 KiB of content, else 32KiB.",
      converter = BlockSizeChoice.Converter.class)
  BlockSizeChoice blockSize = BlockSizeChoice.AUTO;

  @Option(
      names = {"-r", "--recursive"},
      description = "Take directories, as ERIS-FS.")
  boolean recursive;

  @Parameters(paramLabel = "FILE", description = "Content; - or none is standard input.")
  List<String> files = new ArrayList<>();

  /// Who can tell that two pieces of content are equal.
  static final class Secrecy {
    @Option(
        names = "--unique",
        description = "A random secret for each: equal content gets unlike blocks (default).")
    boolean unique;

    @Option(
        names = "--convergent",
        description = "No secret: equal content gets equal blocks, whoever puts it.")
    boolean convergent;

    @Option(
        names = "--secret-file",
        paramLabel = "FILE",
        description = "Share the secret in FILE, 32 bytes or their base32.")
    Optional<Path> secretFile = Optional.empty();
  }

  List<String> filesOrStandardInput() {
    return files.isEmpty() ? List.of("-") : files;
  }

  /// Gives each piece of content its secret.
  SecretSource secrets(Supplier<RandomGenerator> random) throws IOException, Failure {
    if (secrecy.convergent) {
      return ConvergenceSecret::nullSecret;
    }
    if (secrecy.secretFile.isPresent()) {
      ConvergenceSecret secret = readSecret(secrecy.secretFile.get());
      return () -> secret;
    }
    RandomGenerator generator = random.get();
    return () -> ConvergenceSecret.random(generator);
  }

  @FunctionalInterface
  interface SecretSource {
    ConvergenceSecret next();
  }

  static ConvergenceSecret readSecret(Path file) throws IOException, Failure {
    return ConvergenceSecret.copyOf(readSecretBytes(file));
  }

  /// The 32 bytes in a file that holds them, or their base32.
  static byte[] readSecretBytes(Path file) throws IOException, Failure {
    byte[] bytes;
    try (InputStream source = Files.newInputStream(file)) {
      bytes = source.readNBytes(Base32.encodedLength(ConvergenceSecret.BYTES) + 2);
    }
    if (bytes.length != ConvergenceSecret.BYTES) {
      try {
        bytes = Base32.decode(new String(bytes, StandardCharsets.US_ASCII).strip());
      } catch (Base32.MalformedException _) {
        bytes = new byte[0];
      }
    }
    if (bytes.length != ConvergenceSecret.BYTES) {
      throw new Failure(
          ExitCode.USAGE, file + ": a secret is 32 bytes, or 52 characters of base32");
    }
    return bytes;
  }
}
