package eris.image.tree;

import eris.format.Manifest;
import eris.image.elf.ElfFile;
import eris.image.elf.MalformedElf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;

/// What stands in a program as the file that the kernel should start in its place.
final class InterpreterName {
  private final ClosureReader reader;

  InterpreterName(ClosureReader reader) {
    this.reader = reader;
  }

  /// `PT_INTERP` of an ELF file, the first word of a script; empty if there is none.
  String of(String path, Manifest.Entry entry) throws IOException {
    var content = new ByteArrayOutputStream();
    reader.copy(path, entry, Channels.newChannel(content));
    if (entry.type() == Manifest.Type.ELF) {
      try {
        return ElfFile.read(MemorySegment.ofArray(content.toByteArray())).interpreter().orElse("");
      } catch (MalformedElf e) {
        throw new FaultyFile(path, String.valueOf(e.getMessage()));
      }
    }
    String text = content.toString(StandardCharsets.ISO_8859_1);
    String line = text.lines().findFirst().orElse("");
    return line.startsWith("#!") ? line.substring(2).strip().split("[ \t]", 2)[0] : "";
  }
}
