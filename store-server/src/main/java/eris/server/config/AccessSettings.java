package eris.server.config;

import eris.server.access.AccessList;
import java.nio.file.Path;

/// Who may come in.
///
/// @param usage the file of what accounts have put; this daemon alone writes it
public record AccessSettings(AccessList list, Path usage) {}
