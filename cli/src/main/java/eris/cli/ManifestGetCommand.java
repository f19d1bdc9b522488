package eris.cli;

import eris.Dialect;
import eris.DraftCapability;
import eris.ErisException;
import eris.image.closure.HistoricManifest;
import eris.image.closure.ManifestJson;
import eris.image.closure.ManifestRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `eris manifest get`.
@Command(
    name = "get",
    description = "Print what a manifest says of one file, as JSON: path, cap, handle, closure.",
    footer = "%nReads also eris-manifest.json as of Sigil OS.")
final class ManifestGetCommand extends ErisCommand {
  @Parameters(paramLabel = ManifestText.LABEL, description = ManifestText.DESCRIPTION)
  String manifest = "";

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "The directory that the file is in, bin by default.")
  String output = "bin";

  @Option(
      names = "--file",
      paramLabel = "NAME",
      description = "The file; else there must be just one.")
  Optional<String> file = Optional.empty();

  @Mixin StoreOptions storage = new StoreOptions();

  @Override
  void run(Io io) throws Exception {
    io.println(jsonOf(single(records(ManifestText.bytes(manifest, storage, common, io)))));
  }

  private List<ManifestRecord> records(byte[] content) throws Exception {
    return ManifestJson.isHistoric(content)
        ? ManifestRecord.select(HistoricManifest.read(content), output, file)
        : ManifestRecord.select(ManifestText.parse(content), output, file);
  }

  private ManifestRecord single(List<ManifestRecord> records) throws Failure {
    String wanted = output + "/" + file.orElse("");
    if (records.isEmpty()) {
      throw new Failure(ExitCode.FAILED, "no match for " + wanted);
    }
    if (records.size() > 1) {
      throw new Failure(
          ExitCode.FAILED,
          "%d matches for %s: %s"
              .formatted(
                  records.size(),
                  wanted,
                  records.stream().map(ManifestRecord::path).collect(Collectors.joining(", "))),
          "choose one with --file NAME");
    }
    return records.getFirst();
  }

  private static String jsonOf(ManifestRecord found) throws ErisException.MalformedCapability {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("path", found.path());
    fields.put("cap", found.capability());
    fields.put("handle", found.handle().toString());
    fields.put("closure", found.closure());
    if (found.isDraft()) {
      fields.put("dialect", dialects(DraftCapability.parse(found.capability())));
    }
    return Json.line(fields);
  }

  private static String dialects(DraftCapability draft) {
    return draft.candidates().stream().map(Dialect::version).collect(Collectors.joining(" or "));
  }
}
