package eris.cli;

import eris.ReadCapability;
import eris.cbor.Cbor;
import eris.codec.Decoder;
import eris.format.LinkFile;
import eris.store.BlockStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `eris link`.
@Command(
    name = "link",
    description = "Show link files, or make one with -o: a capability with its size and type.",
    footer = {
      "%nWithout -o, tells what is in each FILE, but not the capability, unless --urn asks for that.",
      "With -o, makes a link of one capability; from a link, given as @FILE, it keeps what no option",
      "says otherwise. The size comes from the blocks unless --size tells it. Every command that takes",
      "@FILE takes a link too. A link is as secret as its capability."
    })
final class LinkCommand extends ErisCommand {
  private static final String ANY_TYPE = "application/octet-stream";

  @Parameters(
      paramLabel = "FILE|URN|@FILE|-",
      arity = "1..*",
      description = "Link files to show; or with -o the capability, a file that holds it, or -.")
  List<String> arguments = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Make this link, readable by you alone.")
  Optional<Path> output = Optional.empty();

  @Option(names = "--size", paramLabel = "N", description = "The size of the content in bytes.")
  Optional<Long> size = Optional.empty();

  @Option(
      names = "--mime",
      paramLabel = "TYPE",
      description = "The media type of the content; " + ANY_TYPE + " if nobody tells.")
  Optional<String> mime = Optional.empty();

  @Option(
      names = "--attribute",
      paramLabel = "NAME=TEXT",
      description = "Set an attribute, or remove it with NAME=. Repeatable.")
  List<String> attributes = new ArrayList<>();

  @Option(names = "--urn", description = "Print the capability of each link, and nothing else.")
  boolean urn;

  @Mixin StoreOptions storage = new StoreOptions();

  @Override
  void run(Io io) throws Exception {
    if (output.isPresent()) {
      make(output.get(), io);
      return;
    }
    if (size.isPresent() || mime.isPresent() || !attributes.isEmpty()) {
      throw new Failure(ExitCode.USAGE, "--size, --mime and --attribute are for -o");
    }
    for (String file : arguments) {
      show(file, io);
    }
  }

  private void make(Path place, Io io) throws Exception {
    if (arguments.size() != 1 || urn) {
      throw new Failure(ExitCode.USAGE, "-o makes a link of one capability");
    }
    LinkFile link = changed(given(arguments.getFirst(), io));
    try (OutputFile file = OutputFile.create(place)) {
      file.restrictToOwner();
      ByteBuffer bytes = ByteBuffer.wrap(link.encode());
      while (bytes.hasRemaining()) {
        file.channel().write(bytes);
      }
      file.commit();
    }
  }

  /// The link that the argument names, or one of the capability there.
  private LinkFile given(String argument, Io io) throws Exception {
    if (argument.startsWith("@")) {
      byte[] content = read(argument.substring(1));
      if (LinkFile.isLink(content)) {
        return LinkFile.decode(content);
      }
    }
    ReadCapability content =
        ReadCapability.parse(CapabilityText.resolve(argument, io, common.quiet));
    long bytes = size.isPresent() ? size.get() : sizeOf(content, io);
    return link(content, bytes, ANY_TYPE, new Cbor.Map(List.of()));
  }

  private long sizeOf(ReadCapability content, Io io) throws Exception {
    try (BlockStore store = new Stores(io, common.quiet).openForReading(storage.named(io));
        Decoder decoder = Decoder.open(store, content)) {
      return decoder.size();
    }
  }

  private LinkFile changed(LinkFile link) throws Failure {
    Map<Cbor, Cbor> all = new TreeMap<>();
    link.attributes().entries().forEach(entry -> all.put(entry.key(), entry.value()));
    for (String attribute : attributes) {
      int equals = attribute.indexOf('=');
      if (equals < 1) {
        throw new Failure(ExitCode.USAGE, "--attribute is NAME=TEXT");
      }
      Cbor name = new Cbor.Text(attribute.substring(0, equals));
      String text = attribute.substring(equals + 1);
      if (text.isEmpty()) {
        all.remove(name);
      } else {
        all.put(name, new Cbor.Text(text));
      }
    }
    return link(
        link.content(),
        size.orElse(link.size()),
        mime.orElse(link.mime()),
        new Cbor.Map(
            all.entrySet().stream()
                .map(entry -> new Cbor.Entry(entry.getKey(), entry.getValue()))
                .toList()));
  }

  private static LinkFile link(ReadCapability content, long size, String mime, Cbor.Map attributes)
      throws Failure {
    try {
      return new LinkFile(content, size, mime, attributes);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private void show(String file, Io io) throws Exception {
    LinkFile link = LinkFile.decode(file.equals("-") ? readAll(io.in()) : read(file));
    if (urn && !common.json) {
      io.println(link.content().toUrn());
    } else if (common.json) {
      io.println(Json.line(fields(file, link)));
    } else {
      print(link, io);
    }
  }

  private static void print(LinkFile link, Io io) throws IOException {
    io.println("handle      " + link.content().handle());
    io.println("content     %d bytes".formatted(link.size()));
    io.println("type        " + link.mime());
    for (Cbor.Entry attribute : link.attributes().entries()) {
      io.println("attribute   %s=%s".formatted(text(attribute.key()), text(attribute.value())));
    }
  }

  private Map<String, Object> fields(String file, LinkFile link) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", file);
    fields.put("size", link.size());
    fields.put("mime", link.mime());
    ReadCapability content = link.content();
    fields.putAll(Json.fieldsOf(content.blockSize(), content.level(), content.root().reference()));
    Map<String, String> texts = new LinkedHashMap<>();
    link.attributes().entries().forEach(entry -> texts.put(text(entry.key()), text(entry.value())));
    fields.put("attributes", texts);
    if (urn) {
      fields.put("urn", content.toUrn());
    }
    return fields;
  }

  /// What is not text is shown as what kind of item it is: a byte string may be a secret.
  private static String text(Cbor item) {
    return switch (item) {
      case Cbor.Text(var text) -> text.replaceAll("\\p{Cntrl}", "?");
      case Cbor.Int(var number) -> String.valueOf(number);
      case Cbor.Bool(var value) -> String.valueOf(value);
      case Cbor.Null _ -> "null";
      case Cbor.Bytes bytes -> "(%d bytes)".formatted(bytes.sizeBytes());
      case Cbor.Array _ -> "(array)";
      case Cbor.Map _ -> "(map)";
      case Cbor.Tag _ -> "(tag)";
    };
  }

  private static byte[] read(String file) throws IOException {
    try (InputStream source = Files.newInputStream(Path.of(file))) {
      return readAll(source);
    }
  }

  private static byte[] readAll(InputStream source) throws IOException {
    return source.readNBytes(LinkFile.MAX_BYTES + 1);
  }
}
