package eris.image.elf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Builds small dynamic ELF files of any class and byte order: no code, no section headers.
///
/// ```
/// header, program headers, interpreter, DT_HASH, DT_SYMTAB, strings, needs of versions     R+X
/// the dynamic table, in the next page                                                      R+W
/// ```
final class SyntheticElf {
  static final int PAGE = 0x1000;
  private static final int MACHINE_AT = 18;

  private final boolean is64Bit;
  private final ByteOrder order;
  private final List<long[]> dynamic = new ArrayList<>();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private final Map<String, Long> known = new LinkedHashMap<>();
  private final Map<String, List<String>> versions = new LinkedHashMap<>();
  private String interpreter = "";
  private int type = 3;
  private int machine = 62;
  private int spare = 5;
  private long base;
  private long bss = 0x20;
  private boolean headersApart;

  private SyntheticElf(boolean is64Bit, ByteOrder order) {
    this.is64Bit = is64Bit;
    this.order = order;
    strings.write(0);
  }

  static SyntheticElf bits64() {
    return new SyntheticElf(true, ByteOrder.LITTLE_ENDIAN);
  }

  static SyntheticElf of(int bits, ByteOrder order) {
    return new SyntheticElf(bits == 64, order);
  }

  SyntheticElf needed(String... names) {
    for (String name : names) {
      dynamic(DynamicTable.NEEDED, index(name));
    }
    return this;
  }

  SyntheticElf soname(String name) {
    return dynamic(DynamicTable.SONAME, index(name));
  }

  SyntheticElf rpath(String path) {
    return dynamic(DynamicTable.RPATH, index(path));
  }

  SyntheticElf runpath(String path) {
    return dynamic(DynamicTable.RUNPATH, index(path));
  }

  SyntheticElf dynamic(long tag, long value) {
    dynamic.add(new long[] {tag, value});
    return this;
  }

  SyntheticElf interpreter(String path) {
    interpreter = path;
    return this;
  }

  SyntheticElf versions(String file, String... names) {
    index(file);
    List.of(names).forEach(this::index);
    versions.put(file, List.of(names));
    return this;
  }

  SyntheticElf machine(int code) {
    machine = code;
    return this;
  }

  /// At fixed addresses.
  SyntheticElf exec(long address) {
    type = 2;
    base = address;
    return this;
  }

  /// End marks of the dynamic table after the first.
  SyntheticElf spare(int count) {
    spare = count;
    return this;
  }

  SyntheticElf bss(long size) {
    bss = size;
    return this;
  }

  /// As on Genode: the first segment begins in the second page of the file.
  SyntheticElf headersApart() {
    headersApart = true;
    return this;
  }

  private long index(String text) {
    return known.computeIfAbsent(
        text,
        _ -> {
          long index = strings.size();
          strings.writeBytes((text + '\0').getBytes(StandardCharsets.UTF_8));
          return index;
        });
  }

  byte[] build() {
    int word = is64Bit ? 8 : 4;
    int headerBytes = is64Bit ? 64 : 52;
    int entryBytes = is64Bit ? 56 : 32;
    int headerCount = interpreter.isEmpty() ? 3 : 5;
    int start = headersApart ? PAGE : headerBytes + headerCount * entryBytes;
    int interpreterAt = start;
    int hashAt = up(interpreterAt + interpreter.length() + 1, 8);
    int symbolsAt = up(hashAt + 16, 8);
    int stringsAt = symbolsAt + (is64Bit ? 24 : 16);
    int versionsAt = up(stringsAt + strings.size(), 8);
    int versionBytes = versions.values().stream().mapToInt(v -> 16 * (1 + v.size())).sum();
    int firstEnd = versionsAt + versionBytes;
    int dynamicAt = up(firstEnd, PAGE);

    addressOf(DynamicTable.HASH, hashAt);
    addressOf(DynamicTable.STRTAB, stringsAt);
    addressOf(6, symbolsAt);
    dynamic(DynamicTable.STRSZ, strings.size());
    dynamic(11, is64Bit ? 24 : 16);
    if (!versions.isEmpty()) {
      addressOf(DynamicTable.VERNEED, versionsAt);
      dynamic(DynamicTable.VERNEEDNUM, versions.size());
    }
    int dynamicBytes = (dynamic.size() + 1 + spare) * 2 * word;

    MemorySegment file = MemorySegment.ofArray(new byte[dynamicAt + dynamicBytes]);
    ElfBytes elf = putHeader(file, word, headerBytes, entryBytes, headerCount);
    List<ProgramHeader> headers = new ArrayList<>();
    int first = headersApart ? PAGE : 0;
    if (!interpreter.isEmpty()) {
      headers.add(segment(ProgramHeader.HEADERS, 4, headerBytes, headerCount * entryBytes));
      headers.add(segment(ProgramHeader.INTERPRETER, 4, interpreterAt, interpreter.length() + 1));
      put(file, interpreterAt, interpreter.getBytes(StandardCharsets.UTF_8));
    }
    headers.add(segment(ProgramHeader.LOAD, 5, first, firstEnd - first));
    ProgramHeader table = segment(ProgramHeader.DYNAMIC, 6, dynamicAt, dynamicBytes);
    headers.add(
        new ProgramHeader(
            ProgramHeader.LOAD,
            6,
            dynamicAt,
            table.address(),
            table.address(),
            dynamicBytes,
            dynamicBytes + bss,
            PAGE));
    headers.add(table);
    for (int i = 0; i < headerCount; i++) {
      headers.get(i).writeTo(elf, headerBytes + (long) i * entryBytes);
    }
    elf.setU32(hashAt, 1);
    elf.setU32(hashAt + 4L, 1);
    put(file, stringsAt, strings.toByteArray());
    putVersions(elf, versionsAt);
    for (int i = 0; i < dynamic.size(); i++) {
      elf.setWord(dynamicAt + i * 2L * word, dynamic.get(i)[0]);
      elf.setWord(dynamicAt + i * 2L * word + word, dynamic.get(i)[1]);
    }
    return (byte[]) file.heapBase().orElseThrow();
  }

  private void addressOf(long tag, int offset) {
    dynamic(tag, base + offset);
  }

  private ProgramHeader segment(long segmentType, int flags, int offset, int size) {
    long address = base + offset;
    return new ProgramHeader(segmentType, flags, offset, address, address, size, size, PAGE);
  }

  private ElfBytes putHeader(
      MemorySegment file, int word, int headerBytes, int entryBytes, int headerCount) {
    byte[] ident = {0x7f, 'E', 'L', 'F', (byte) (is64Bit ? 2 : 1), 1, 1};
    ident[5] = (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2);
    put(file, 0, ident);
    ElfBytes elf = bytes(file);
    elf.setU16(16, type);
    elf.setU16(MACHINE_AT, machine);
    elf.setU32(20, 1);
    elf.setWord(24 + word, headerBytes);
    int sizes = 28 + 3 * word;
    elf.setU16(sizes, headerBytes);
    elf.setU16(sizes + 2L, entryBytes);
    elf.setU16(sizes + 4L, headerCount);
    return elf;
  }

  private static ElfBytes bytes(MemorySegment file) {
    try {
      return ElfBytes.of(file);
    } catch (MalformedElf e) {
      throw new AssertionError(e);
    }
  }

  private void putVersions(ElfBytes elf, int start) {
    long at = start;
    int left = versions.size();
    for (Map.Entry<String, List<String>> need : versions.entrySet()) {
      int count = need.getValue().size();
      elf.setU16(at, 1);
      elf.setU16(at + 2, count);
      elf.setU32(at + 4, index(need.getKey()));
      elf.setU32(at + 8, 16);
      elf.setU32(at + 12, --left == 0 ? 0 : 16 * (1 + count));
      for (int i = 0; i < count; i++) {
        at += 16;
        elf.setU32(at + 8, index(need.getValue().get(i)));
        elf.setU32(at + 12, i == count - 1 ? 0 : 16);
      }
      at += 16;
    }
  }

  private static void put(MemorySegment file, int offset, byte[] bytes) {
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, file, offset, bytes.length);
  }

  private static int up(int value, int unit) {
    return (value + unit - 1) / unit * unit;
  }
}
