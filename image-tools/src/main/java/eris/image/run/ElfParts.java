package eris.image.run;

import eris.image.elf.ElfFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the ELF files of a closure say, each read once.
final class ElfParts {
  private final LoadedClosure closure;
  private final Map<String, Parts> known = new HashMap<>();

  /// @param needed in the order of the file
  /// @param hasRpath whether it has directories that are searched before all others
  record Parts(
      List<String> needed,
      Optional<String> soname,
      Optional<String> interpreter,
      boolean hasRpath) {}

  ElfParts(LoadedClosure closure) {
    this.closure = closure;
  }

  /// @throws eris.image.elf.MalformedElf if the file is none
  Parts of(String path) throws IOException {
    Parts parts = known.get(path);
    if (parts == null) {
      try (Arena arena = Arena.ofConfined()) {
        ElfFile elf = ElfFile.read(map(path, arena));
        boolean hasRpath = elf.rpath().isPresent() && elf.runpath().isEmpty();
        parts = new Parts(elf.needed(), elf.soname(), elf.interpreter(), hasRpath);
      }
      known.put(path, parts);
    }
    return parts;
  }

  /// All bytes of a file as characters: to look for text in it.
  String text(String path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = map(path, arena).toArray(ValueLayout.JAVA_BYTE);
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private MemorySegment map(String path, Arena arena) throws IOException {
    try (FileChannel file = FileChannel.open(closure.file(path).path())) {
      return file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
    }
  }
}
