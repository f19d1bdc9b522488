package eris.cli;

import eris.retention.PinFile;
import eris.retention.PinKey;
import eris.stores.LocalFiles;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Where the pins are, and what opens them.
final class PinOptions {
  private static final int MAX_PASSPHRASE_BYTES = 1024;

  @Option(
      names = "--pins",
      paramLabel = "FILE",
      description = "The file of pins. Default: ~/.local/share/eris-pins.")
  Optional<Path> file = Optional.empty();

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "The key that seals the pins, 32 random bytes or their base32.")
  Optional<Path> keyFile = Optional.empty();

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE|-",
      description =
          "A file with the passphrase that seals the pins. Without it and --key-file, the "
              + "passphrase is asked for on a terminal.")
  Optional<String> passphraseFile = Optional.empty();

  private Path place(Io io) {
    return file.orElseGet(() -> io.dataHome().resolve("eris-pins")).toAbsolutePath();
  }

  /// Whether there is a file of pins. One that is named on the command line has to be there.
  boolean exists(Io io) {
    return file.isPresent() || Files.exists(place(io));
  }

  /// The file of pins, whether or not it is there.
  ///
  /// @throws Failure if nothing opens it
  PinFile open(Io io) throws IOException, Failure {
    Path place = place(io);
    Path directory = place.getParent();
    if (directory == null) {
      throw new Failure(ExitCode.USAGE, "--pins names no file");
    }
    return new PinFile(
        LocalFiles.create(directory),
        place.getFileName().toString(),
        key(io, !Files.exists(place)));
  }

  private PinKey key(Io io, boolean isNew) throws IOException, Failure {
    if (keyFile.isPresent() && passphraseFile.isPresent()) {
      throw new Failure(ExitCode.USAGE, "--key-file and --passphrase-file exclude each other");
    }
    if (keyFile.isPresent()) {
      return PinKey.ofFile(EncodeOptions.readSecretBytes(keyFile.get()));
    }
    byte[] passphrase =
        passphraseFile.isPresent() ? readPassphrase(passphraseFile.get(), io) : ask(io, isNew);
    if (passphrase.length == 0) {
      throw new Failure(ExitCode.USAGE, "the passphrase is empty");
    }
    return PinKey.ofPassphrase(passphrase);
  }

  /// The bytes of a file but for a line end.
  private static byte[] readPassphrase(String name, Io io) throws IOException, Failure {
    byte[] bytes;
    if (name.equals("-")) {
      bytes = io.in().readNBytes(MAX_PASSPHRASE_BYTES + 1);
    } else {
      try (InputStream source = Files.newInputStream(Path.of(name))) {
        bytes = source.readNBytes(MAX_PASSPHRASE_BYTES + 1);
      }
    }
    if (bytes.length > MAX_PASSPHRASE_BYTES) {
      throw new Failure(
          ExitCode.USAGE, "a passphrase has at most %d bytes".formatted(MAX_PASSPHRASE_BYTES));
    }
    int length = bytes.length;
    while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
      length--;
    }
    return Arrays.copyOf(bytes, length);
  }

  private static byte[] ask(Io io, boolean isNew) throws Failure {
    Console console = io.isInteractive() ? System.console() : null;
    if (console == null) {
      throw new Failure(
          ExitCode.USAGE, "what opens the pins?", "name --key-file or --passphrase-file");
    }
    char[] passphrase = console.readPassword("Passphrase of the pins: ");
    if (isNew && !Arrays.equals(passphrase, console.readPassword("The same once more: "))) {
      throw new Failure(ExitCode.USAGE, "the two passphrases differ");
    }
    return passphrase == null
        ? new byte[0]
        : new String(passphrase).getBytes(StandardCharsets.UTF_8);
  }
}
