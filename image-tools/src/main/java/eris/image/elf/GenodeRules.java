package eris.image.elf;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What Genode's dynamic loader, `ld.lib.so` of 26.02, wants of a file. It checks less than it
/// relies on: what breaks these rules may also crash it.
public final class GenodeRules {
  private static final int MAX_HEADERS = 10;
  private static final int MAX_NAME_BYTES = 63;
  private static final long PAGE = 4096;

  /// One thing for which it would not load.
  public sealed interface Finding {
    /// No ELF file, or one that is malformed.
    record Malformed(String detail) implements Finding {}

    /// Nothing for a dynamic loader to do.
    record Static() implements Finding {}

    /// It has room for 10 program headers.
    record TooManyHeaders(int count) implements Finding {}

    /// A segment to load is neither readable and executable, nor readable and writable.
    record WrongRights(int index, String rights) implements Finding {}

    /// A segment to load that is not laid out in pages of 4 KiB.
    record WrongAlignment(int index, long align) implements Finding {}

    /// A segment to load begins in the last page of the one before it.
    record SharedPage(int index, long address) implements Finding {}

    /// Symbols are looked up by `DT_HASH`.
    record NoHash() implements Finding {}

    /// The name of a needed library is cut.
    record NameTooLong(String name, int bytes) implements Finding {}

    /// The fact in words.
    default String describe() {
      return switch (this) {
        case Malformed(var detail) -> detail;
        case Static() -> "linked statically";
        case TooManyHeaders(var count) ->
            "%d program headers, want at most %d".formatted(count, MAX_HEADERS);
        case WrongRights(var index, var rights) ->
            "segment %d is %s, want R+X or R+W".formatted(index, rights);
        case WrongAlignment(var index, var align) ->
            "segment %d is aligned to %s bytes, want a multiple of %d, for address and offset alike"
                .formatted(index, Long.toUnsignedString(align), PAGE);
        case SharedPage(var index, var address) ->
            "segment %d at 0x%x shares a page with the one before".formatted(index, address);
        case NoHash() -> "no DT_HASH (gcc -Wl,--hash-style=sysv makes one)";
        case NameTooLong(var name, var bytes) ->
            "needs %s, a name of %d bytes, want at most %d"
                .formatted(isUrn(name) ? "a capability" : name, bytes, MAX_NAME_BYTES);
      };
    }
  }

  private GenodeRules() {}

  /// A name that only a patched loader takes, and that no message repeats: whoever has it can read.
  static boolean isUrn(String name) {
    return name.startsWith("urn:");
  }

  /// All findings for a file; none if it would load.
  public static List<Finding> check(MemorySegment bytes) {
    try {
      return check(ElfFile.read(bytes));
    } catch (MalformedElf e) {
      return List.of(new Finding.Malformed(String.valueOf(e.getMessage())));
    }
  }

  /// All findings for a file; none if it would load.
  public static List<Finding> check(ElfFile file) {
    if (!file.isDynamic()) {
      return List.of(new Finding.Static());
    }
    List<Finding> findings = new ArrayList<>();
    if (file.programHeaders().size() > MAX_HEADERS) {
      findings.add(new Finding.TooManyHeaders(file.programHeaders().size()));
    }
    checkSegments(file, findings);
    if (file.dynamic().last(DynamicTable.HASH).isEmpty()) {
      findings.add(new Finding.NoHash());
    }
    for (String name : file.needed()) {
      int bytes = name.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_NAME_BYTES) {
        findings.add(new Finding.NameTooLong(name, bytes));
      }
    }
    return List.copyOf(findings);
  }

  /// That segments ascend has been checked by the reader.
  private static void checkSegments(ElfFile file, List<Finding> findings) {
    long firstFreePage = 0;
    for (int i = 0; i < file.programHeaders().size(); i++) {
      ProgramHeader segment = file.programHeaders().get(i);
      if (!segment.is(ProgramHeader.LOAD)) {
        continue;
      }
      if (!hasRights(segment)) {
        findings.add(new Finding.WrongRights(i, rights(segment)));
      }
      if (segment.align() % PAGE != 0
          || segment.align() == 0
          || (segment.address() - segment.offset()) % PAGE != 0) {
        findings.add(new Finding.WrongAlignment(i, segment.align()));
      }
      if (Long.compareUnsigned(segment.address() & -PAGE, firstFreePage) < 0) {
        findings.add(new Finding.SharedPage(i, segment.address()));
      }
      firstFreePage = (segment.end() + PAGE - 1) & -PAGE;
    }
  }

  private static boolean hasRights(ProgramHeader segment) {
    return segment.flags() == (ProgramHeader.READ | ProgramHeader.EXECUTE)
        || segment.flags() == (ProgramHeader.READ | ProgramHeader.WRITE);
  }

  private static String rights(ProgramHeader segment) {
    List<String> rights = new ArrayList<>();
    for (var right :
        List.of(
            Map.entry(ProgramHeader.READ, "R"),
            Map.entry(ProgramHeader.WRITE, "W"),
            Map.entry(ProgramHeader.EXECUTE, "X"))) {
      if ((segment.flags() & right.getKey()) != 0) {
        rights.add(right.getValue());
      }
    }
    return rights.isEmpty() ? "nothing" : String.join("+", rights);
  }
}
