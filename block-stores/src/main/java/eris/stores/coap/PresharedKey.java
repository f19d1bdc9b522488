package eris.stores.coap;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// A key that client and server of a DTLS connection both have, and its name. A secret: prints its
/// name only.
///
/// Files have one in each line, as those of GnuTLS's `psktool`: the name, a colon, and the key in
/// hexadecimal digits. Lines that are blank, or begin with `#`, do not count.
public final class PresharedKey {
  private static final int MIN_KEY_BYTES = 16;
  private static final int MAX_KEY_BYTES = 64;
  private static final int MAX_NAME_CHARACTERS = 128;

  private final String name;
  private final byte[] key;

  private PresharedKey(String name, byte[] key) {
    this.name = name;
    this.key = key;
  }

  /// @throws IOException also if a line is malformed; the message has its number and nothing of it
  public static List<PresharedKey> readAll(Path file) throws IOException {
    List<PresharedKey> keys = new ArrayList<>();
    try {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).strip();
        if (!line.isEmpty() && !line.startsWith("#")) {
          keys.add(parse(line, "line %d of %s".formatted(i + 1, file.getFileName())));
        }
      }
    } catch (CharacterCodingException e) {
      throw new IOException("%s is no text".formatted(file.getFileName()), e);
    }
    return List.copyOf(keys);
  }

  private static PresharedKey parse(String line, String place) throws IOException {
    int colon = line.lastIndexOf(':');
    if (colon < 1 || colon > MAX_NAME_CHARACTERS) {
      throw new IOException(place + " is no key, want NAME:HEXADECIMAL");
    }
    byte[] key;
    try {
      key = HexFormat.of().parseHex(line, colon + 1, line.length());
    } catch (IllegalArgumentException _) { // it would repeat the text
      throw new IOException(place + " has a key that is not hexadecimal");
    }
    if (key.length < MIN_KEY_BYTES || key.length > MAX_KEY_BYTES) {
      throw new IOException(place + " has a key of %d bytes, want 16 to 64".formatted(key.length));
    }
    return new PresharedKey(line.substring(0, colon), key);
  }

  /// What a client says to name its key, in the clear.
  public String name() {
    return name;
  }

  public byte[] key() {
    return key.clone();
  }

  @Override
  public String toString() {
    return "PresharedKey[%s, redacted]".formatted(name);
  }
}
