import static java.lang.classfile.ClassFile.StackMapsOption.GENERATE_STACK_MAPS;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Brings the classes of a jar up to date. An AOT cache leaves out what was compiled for Java 5, as
/// picocli is: such classes lack the stack maps that verification has gone by since. They get them
/// here, and nothing else changes.
///
/// The build runs this from source: see docs/adr/0004-launcher-and-start-up.md.
final class ModernClasses {
  private static final ClassFileVersion MODERN = ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0);

  private final ZipFile jar;
  private final ClassFile classFile;

  private ModernClasses(ZipFile jar) {
    this.jar = jar;
    var ofJar = ClassHierarchyResolver.ofResourceParsing(this::open);
    var hierarchy = ofJar.orElse(ClassHierarchyResolver.defaultResolver());
    classFile = ClassFile.of(GENERATE_STACK_MAPS, ClassHierarchyResolverOption.of(hierarchy));
  }

  /// Argument: the jar.
  public static void main(String[] args) throws IOException {
    Path path = Path.of(args[0]);
    Path written = Path.of(args[0] + ".part");
    try (var jar = new ZipFile(path.toFile())) {
      new ModernClasses(jar).writeTo(written);
    }
    Files.move(written, path, StandardCopyOption.REPLACE_EXISTING);
  }

  private void writeTo(Path path) throws IOException {
    try (var target = new ZipOutputStream(Files.newOutputStream(path))) {
      for (ZipEntry entry : Collections.list(jar.entries())) {
        var copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        target.putNextEntry(copy);
        target.write(modern(entry));
        target.closeEntry();
      }
    }
  }

  private byte[] modern(ZipEntry entry) throws IOException {
    byte[] bytes = jar.getInputStream(entry).readAllBytes();
    if (!entry.getName().endsWith(".class")) {
      return bytes;
    }
    ClassModel model = classFile.parse(bytes);
    return model.majorVersion() < MODERN.majorVersion()
        ? classFile.transformClass(model, withVersion().andThen(withStackMaps()))
        : bytes;
  }

  private static ClassTransform withVersion() {
    return (builder, element) ->
        builder.with(element instanceof ClassFileVersion ? MODERN : element);
  }

  /// Code that is transformed at all gets them.
  private static ClassTransform withStackMaps() {
    return ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
  }

  private InputStream open(ClassDesc type) {
    String descriptor = type.descriptorString(); // of a class: Lpackage/Name;
    ZipEntry entry = jar.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
    try {
      return entry == null ? null : jar.getInputStream(entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
