package eris.cli;

import eris.ReadCapability;
import eris.codec.Decoder;
import eris.format.Manifest;
import eris.image.closure.ManifestJson;
import eris.store.BlockStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A manifest, from where the user keeps it: a file, in JSON or CBOR, standard input (`-`), or a
/// store, by its capability (`urn:eris:…` or `@FILE`).
final class ManifestText {
  static final String LABEL = "MANIFEST|URN|@FILE|-";
  static final String DESCRIPTION =
      "The manifest, a file in JSON or CBOR; or its capability, a file that holds that; or "
          + "standard input, either.";
  private static final int MAX_CBOR_BYTES = 16 << 20;
  private static final int MAX_JSON_BYTES = 256 << 20;

  private ManifestText() {}

  static Manifest read(String argument, StoreOptions storage, CommonOptions common, Io io)
      throws Exception {
    return parse(bytes(argument, storage, common, io));
  }

  static Manifest parse(byte[] content) throws Manifest.MalformedException {
    return ManifestJson.isJson(content) ? ManifestJson.read(content) : Manifest.decode(content);
  }

  /// What the argument leads to, not looked at yet.
  static byte[] bytes(String argument, StoreOptions storage, CommonOptions common, Io io)
      throws Exception {
    if (argument.equals("-")) {
      byte[] input = read(io.in(), "standard input");
      return isManifest(input) ? input : fetch(word(input), storage, common, io);
    }
    if (argument.startsWith("@") || argument.regionMatches(true, 0, "urn:", 0, 4)) {
      return fetch(CapabilityText.resolve(argument, io, common.quiet), storage, common, io);
    }
    try (InputStream file = Files.newInputStream(Path.of(argument))) {
      byte[] content = read(file, argument);
      if (!isManifest(content)) {
        throw new Failure(
            ExitCode.CORRUPT,
            argument + ": neither a manifest in JSON nor one in CBOR",
            "a file that holds its URN is named @FILE");
      }
      return content;
    }
  }

  private static byte[] read(InputStream source, String name) throws IOException, Failure {
    byte[] content = source.readNBytes(MAX_JSON_BYTES + 1);
    if (content.length > MAX_JSON_BYTES) {
      throw new Failure(ExitCode.CORRUPT, name + ": too long for a manifest");
    }
    return content;
  }

  private static boolean isManifest(byte[] content) {
    return ManifestJson.isJson(content) || content.length > 0 && (content[0] & 0xff) == 0xda;
  }

  private static String word(byte[] input) throws Failure {
    String text = new String(input, StandardCharsets.UTF_8).strip();
    if (text.isEmpty() || text.chars().anyMatch(Character::isWhitespace)) {
      throw new Failure(ExitCode.USAGE, "standard input holds neither a manifest nor a capability");
    }
    return text;
  }

  private static byte[] fetch(String urn, StoreOptions storage, CommonOptions common, Io io)
      throws Exception {
    ReadCapability capability = ReadOptions.parseCurrent(urn);
    try (BlockStore store = new Stores(io, common.quiet).openForReading(storage.named(io));
        Decoder decoder = Decoder.open(store, capability)) {
      if (decoder.size() > MAX_CBOR_BYTES) {
        throw new Failure(ExitCode.CORRUPT, "the content is too long for a manifest");
      }
      byte[] content = Channels.newInputStream(decoder).readAllBytes();
      store.sync(); // what a cache has taken
      return content;
    }
  }
}
