package eris.cli;

import eris.cli.ServeConfig.Setting;
import eris.server.config.DaemonSettings.Requests;
import java.nio.file.Path;
import java.util.Optional;

/// Whether and how each request has its line in a log.
///
/// @param file to append them to; without, they go where all lines go
record AccessLogSettings(Form form, Optional<Path> file) {
  /// How lines look.
  enum Form {
    OFF,
    TEXT,
    JSON
  }

  static AccessLogSettings of(ServeConfig config) throws Failure {
    Optional<Setting> form = config.get(ServeKey.ACCESS_LOG);
    return new AccessLogSettings(
        form.isEmpty() ? Form.OFF : form(form.get()),
        config.get(ServeKey.ACCESS_LOG_FILE).map(set -> Path.of(set.value())));
  }

  private static Form form(Setting set) throws Failure {
    return switch (set.value()) {
      case "off" -> Form.OFF;
      case "text" -> Form.TEXT;
      case "json" -> Form.JSON;
      default -> throw set.failure("off, text or json");
    };
  }

  Requests requests() {
    return form == Form.OFF ? Requests.UNLOGGED : Requests.LOGGED;
  }
}
