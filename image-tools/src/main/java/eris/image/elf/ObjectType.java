package eris.image.elf;

/// What an ELF file is (`e_type`).
public enum ObjectType {
  /// Not linked yet: `.o`.
  REL,
  /// A program at fixed addresses.
  EXEC,
  /// A shared library, or a program that may lie anywhere.
  DYN,
  /// The memory of a process that crashed.
  CORE,
  /// None of these.
  OTHER;

  static ObjectType of(int code) {
    return switch (code) {
      case 1 -> REL;
      case 2 -> EXEC;
      case 3 -> DYN;
      case 4 -> CORE;
      default -> OTHER;
    };
  }
}
