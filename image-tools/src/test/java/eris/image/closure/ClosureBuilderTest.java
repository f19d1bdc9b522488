package eris.image.closure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import eris.ConvergenceSecret;
import eris.format.Manifest;
import eris.format.Manifest.Naming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ClosureBuilderTest {
  private static final List<String> BESIDE = List.of("-Wl,-rpath,$ORIGIN/../lib");

  @TempDir Path directory;
  private Programs programs = new Programs(Path.of(""));

  @BeforeEach
  void prepare() {
    programs = new Programs(directory);
  }

  /// `bin/prog` needs `liba.so.1` and `libb.so.1`, and `liba.so.1` needs `libb.so.1`.
  private Path diamond() throws Exception {
    Path b = programs.library("lib/libb.so.1", "b");
    Path a = programs.library("lib/liba.so.1", "a", b);
    return programs.program(
        "bin/prog", List.of("-Wl,--disable-new-dtags", BESIDE.getFirst()), a, b);
  }

  @Test
  void aProgramHasItsLibrariesItsLoaderAndTheirs() throws Exception {
    Manifest manifest = programs.closure(Naming.ROUTE, diamond()).manifest();

    assertThat(manifest.architecture())
        .isEqualTo(System.getProperty("os.arch").replace("amd64", "x86_64"));
    assertThat(manifest.roots()).containsExactly("bin/prog");
    assertThat(manifest.closureOf("bin/prog"))
        .hasSize(4)
        .contains("lib/liba.so.1", "lib/libb.so.1", "lib/libc.so.6")
        .anyMatch(path -> path.startsWith("lib/ld-linux"));
    assertThat(manifest.file("lib/liba.so.1").needs()).containsOnlyKeys("libb.so.1", "libc.so.6");
    assertThat(manifest.file("bin/prog").size())
        .isEqualTo(Files.size(directory.resolve("bin/prog")));
  }

  @ParameterizedTest
  @EnumSource(Naming.class)
  void twoRunsGiveTheSameBytes(Naming naming) throws Exception {
    Path program = diamond();
    Closure first = programs.closure(naming, program);
    Closure second = programs.closure(naming, program);

    assertThat(second.manifest().encode()).isEqualTo(first.manifest().encode());
    assertThat(ManifestJson.write(second.manifest()))
        .isEqualTo(ManifestJson.write(first.manifest()));
    assertThat(second.capability()).isEqualTo(first.capability());
  }

  @Test
  void theManifestIsInTheStoreToo() throws Exception {
    Closure closure = programs.closure(Naming.ROUTE, diamond());
    var entry = Manifest.Entry.of(closure.capability(), 0, Manifest.Type.DATA);

    assertThat(Manifest.decode(programs.content(entry))).isEqualTo(closure.manifest());
  }

  @ParameterizedTest
  @EnumSource(Naming.class)
  void whatIsReachedByTwoNamesIsEncodedOnce(Naming naming) throws Exception {
    Path program = diamond();
    Path link = Files.createSymbolicLink(directory.resolve("bin/other"), program);
    Path hard = Files.createLink(directory.resolve("bin/third"), program);
    Closure closure = programs.closure(naming, program, link, hard);

    assertThat(closure.manifest().files()).hasSize(7).containsKeys("bin/other", "bin/third");
    assertThat(closure.objects()).isEqualTo(5);
  }

  /// Were a library loaded under two names, it would say so twice.
  @ParameterizedTest
  @EnumSource(Naming.class)
  void theProgramRunsFromItsObjectsAloneAndLoadsEachOnce(Naming naming) throws Exception {
    Path b = programs.library("lib/libb.so.1", "b");
    Files.writeString(
        directory.resolve("lib/libb.so.1.c"),
        """
        #include <stdio.h>
        static __attribute__((constructor)) void load(void) { puts("loaded"); }
        void b(void) { puts("b"); }
        """);
    programs.run(
        List.of("gcc", "-shared", "-fPIC", "-Wl,-soname,libb.so.1", "-o", b.toString(), b + ".c"));
    Path a = programs.library("lib/liba.so.1", "a", b);
    Path program =
        programs.program("bin/prog", List.of("-Wl,-rpath," + directory.resolve("lib")), a, b);
    Files.createSymbolicLink(directory.resolve("lib/libother.so"), Path.of("libb.so.1"));
    Manifest manifest =
        programs
            .closure(
                Programs.with(
                    naming, List.of(directory.resolve("lib")), Map.of(), Set.of(), program))
            .manifest();
    Path objects = programs.materialise(manifest, "objects");
    for (Path file : List.of(a, b, program)) {
      Files.delete(file);
    }

    assertThat(programs.run(manifest, "bin/prog", objects).output())
        .isEqualTo("loaded\nbin/prog\na\nb\nb\n");
    if (naming == Naming.HANDLE) {
      assertThat(manifest.file("bin/prog").needs().keySet())
          .allMatch(name -> name.startsWith("eris-"));
      assertThat(manifest.file("lib/libc.so.6").needs().keySet())
          .allMatch(name -> name.startsWith("ld-linux"));
    }
  }

  @Test
  void aNameThatIsKeptStaysForAll() throws Exception {
    Path program = diamond();
    Manifest manifest =
        programs
            .closure(
                Programs.with(Naming.HANDLE, List.of(), Map.of(), Set.of("libb.so.1"), program))
            .manifest();

    assertThat(manifest.file("bin/prog").needs()).containsKey("libb.so.1");
    assertThat(manifest.file("lib/liba.so.1").needs()).containsKey("libb.so.1");
    Path objects = programs.materialise(manifest, "objects");
    assertThat(programs.run(manifest, "bin/prog", objects).output())
        .isEqualTo("bin/prog\na\nb\nb\n");

    assertThatThrownBy(
            () ->
                programs.closure(
                    Programs.with(Naming.HANDLE, List.of(), Map.of(), Set.of("libx.so"), program)))
        .hasMessage("nothing in the closure is called libx.so");
  }

  @Test
  void aCycleHasNoNamesButRoutes() throws Exception {
    Path a = programs.library("lib/liba.so", "a");
    Path b =
        programs.library(
            "lib/libb.so", "b", List.of("-Wl,-soname,libb.so", "-Wl,--no-as-needed"), a);
    programs.library("lib/liba.so", "a", List.of("-Wl,-soname,liba.so", "-Wl,--no-as-needed"), b);
    Path program = programs.program("bin/prog", BESIDE, a);
    List<Path> path = List.of(directory.resolve("lib"));

    assertThatThrownBy(
            () -> programs.closure(Programs.with(Naming.HANDLE, path, Map.of(), Set.of(), program)))
        .isInstanceOf(ClosureException.class)
        .hasMessageStartingWith("cycle liba.so -> libb.so -> liba.so: ");
    Manifest routed =
        programs.closure(Programs.with(Naming.ROUTE, path, Map.of(), Set.of(), program)).manifest();
    assertThat(routed.closureOf("lib/liba.so")).contains("lib/liba.so", "lib/libb.so");
    assertThat(
            programs
                .closure(Programs.with(Naming.HANDLE, path, Map.of(), Set.of("liba.so"), program))
                .manifest()
                .file("lib/libb.so")
                .needs())
        .containsKey("liba.so");
  }

  @Test
  void aMissingLibraryNamesEveryPlace() throws Exception {
    Path b = programs.library("lib/libb.so", "b");
    Path program = programs.program("bin/prog", List.of("-Wl,-rpath,/run/path:$ORIGIN/x"), b);
    Files.delete(b);

    assertThatThrownBy(
            () ->
                programs.closure(
                    Programs.with(
                        Naming.ROUTE, List.of(Path.of("/lib/path")), Map.of(), Set.of(), program)))
        .isInstanceOf(ClosureException.class)
        .hasMessageStartingWith(
            "libb.so, which " + program.toRealPath() + " needs, is missing: searched ")
        .hasMessageContainingAll(
            "/lib/path (library path)",
            "/run/path (RUNPATH of " + program.toRealPath() + ")",
            directory.toRealPath().resolve("bin/x").toString(),
            "/usr/lib (system)");
  }

  @Test
  void anRpathHoldsForLibrariesOfLibrariesAndARunpathDoesNot() throws Exception {
    Path b = programs.library("lib/libb.so", "b");
    Path a = programs.library("lib/liba.so", "a", b);
    Path old =
        programs.program(
            "bin/old", List.of("-Wl,--disable-new-dtags", "-Wl,-rpath,$ORIGIN/../lib"), a);
    Path recent =
        programs.program(
            "bin/recent", List.of("-Wl,--enable-new-dtags", "-Wl,-rpath,${ORIGIN}/../lib"), a);

    assertThat(programs.closure(Naming.ROUTE, old).manifest().files()).containsKey("lib/libb.so");
    assertThatThrownBy(() -> programs.closure(Naming.ROUTE, recent))
        .hasMessageStartingWith("libb.so, which ")
        .hasMessageContaining("liba.so needs, is missing");
  }

  @Test
  void aLibraryOfAnotherArchitectureIsPassedOver() throws Exception {
    Path b = programs.library("lib/libb.so", "b");
    Path program =
        programs.program("bin/prog", List.of("-Wl,-rpath,$ORIGIN/../other:$ORIGIN/../lib"), b);
    byte[] other = Files.readAllBytes(b);
    other[18] = 22; // e_machine: s390
    Files.createDirectory(directory.resolve("other"));
    Path foreign = Files.write(directory.resolve("other/libb.so"), other);

    assertThat(programs.closure(Naming.ROUTE, program).manifest().file("lib/libb.so").size())
        .isEqualTo(Files.size(b));
    assertThatThrownBy(() -> programs.closure(Naming.ROUTE, program, foreign))
        .isInstanceOf(ClosureException.class);
    Files.delete(b);
    assertThatThrownBy(() -> programs.closure(Naming.ROUTE, program))
        .hasMessageContaining("is missing");
  }

  @Test
  void twoFilesOfOneNameAreADuplicate() throws Exception {
    Path x = programs.library("one/libx.so", "x1");
    Path other = programs.library("two/libx.so", "x2");
    Path a = programs.library("lib/liba.so", "a", List.of("-Wl,-rpath,$ORIGIN/../one"), x);
    Path b = programs.library("lib/libb.so", "b", List.of("-Wl,-rpath,$ORIGIN/../two"), other);
    Path program = programs.program("bin/prog", BESIDE, a, b);

    assertThatThrownBy(() -> programs.closure(Naming.ROUTE, program))
        .isInstanceOf(ClosureException.class)
        .hasMessageStartingWith("duplicate libx.so: ")
        .hasMessageContainingAll("one/libx.so", "two/libx.so", "--lib-path");
    assertThat(
            programs
                .closure(
                    Programs.with(
                        Naming.ROUTE,
                        List.of(directory.resolve("two")),
                        Map.of(),
                        Set.of(),
                        program))
                .manifest()
                .files())
        .containsKey("lib/libx.so");
    Files.write(x, Files.readAllBytes(other));
    assertThat(programs.closure(Naming.ROUTE, program).objects()).isEqualTo(6);
  }

  @Test
  void twoLibrariesOfOneSonameAreADuplicate() throws Exception {
    Path a = programs.library("lib/liba.so", "a", List.of("-Wl,-soname,liba.so"));
    Path b = programs.library("lib/libb.so", "b", List.of("-Wl,-soname,libb.so"));
    Path program = programs.program("bin/prog", BESIDE, a, b);
    programs.library("lib/libb.so", "b", List.of("-Wl,-soname,liba.so"));

    assertThatThrownBy(() -> programs.closure(Naming.ROUTE, program))
        .hasMessageStartingWith("duplicate SONAME liba.so: both ");
  }

  @Test
  void pluginsBringWhatTheyNeed() throws Exception {
    Path b = programs.library("plug/libb.so", "b");
    Path plugin = programs.library("plug/geo.so", "geo", List.of("-Wl,-rpath,$ORIGIN"), b);
    Path program = programs.program("bin/prog", List.of());
    Map<String, Path> plugins =
        Map.of("/opt/geo.so", plugin, "table", programs.script("table", "no ELF"));
    Manifest manifest =
        programs
            .closure(Programs.with(Naming.HANDLE, List.of(), plugins, Set.of(), program))
            .manifest();

    assertThat(manifest.file("bin/prog").plugins())
        .containsExactly(entry("/opt/geo.so", "lib/geo.so"), entry("table", "lib/table"));
    assertThat(manifest.file("lib/geo.so").needs().values())
        .contains("lib/libb.so", "lib/libc.so.6");
    assertThat(manifest.file("lib/table").type()).isEqualTo(Manifest.Type.DATA);
    assertThat(manifest.closureOf("bin/prog")).contains("lib/libb.so");
  }

  @Test
  void dataIsThereAsItIsCalled() throws Exception {
    Path file = programs.script("truncated", "\u007fELF and nothing more");
    programs.script("tree/bin/x", "#!/nowhere");
    var request =
        new ClosureRequest(
            List.of(programs.program("bin/prog", List.of())),
            List.of(),
            new TreeMap<>(),
            new TreeMap<>(Map.of("etc/x", file, "share/tree", directory.resolve("tree"))),
            Set.of(),
            List.of(),
            Naming.ROUTE);
    Manifest manifest = programs.closure(request).manifest();

    assertThat(manifest.file("etc/x").type()).isEqualTo(Manifest.Type.DATA);
    assertThat(programs.content(manifest.file("etc/x"))).isEqualTo(Files.readAllBytes(file));
    assertThat(manifest.file("share/tree").type()).isEqualTo(Manifest.Type.TREE);
    assertThat(ClosureVerifier.verify(manifest, programs.store, fault -> fail(fault))).isPositive();

    var escaping = new TreeMap<>(Map.of("../x", file));
    assertThatThrownBy(
            () ->
                programs.closure(
                    new ClosureRequest(
                        request.roots(),
                        List.of(),
                        new TreeMap<>(),
                        escaping,
                        Set.of(),
                        List.of(),
                        Naming.ROUTE)))
        .isInstanceOf(ClosureException.class)
        .hasMessage("no manifest can say this: the name '..' in a path");
  }

  private static void fail(Fault fault) {
    throw new AssertionError(Fault.describe(fault));
  }

  @Test
  void aScriptBringsItsInterpreter() throws Exception {
    Path shell = Path.of("/bin/sh");
    Manifest manifest =
        programs
            .closure(Naming.ROUTE, programs.script("run/x", "#!/bin/sh -e  -u \necho\n"))
            .manifest();

    assertThat(manifest.roots()).containsExactly("bin/x");
    assertThat(manifest.file("bin/x").interpreter()).contains("bin/sh");
    assertThat(manifest.file("bin/x").interpreterArgument()).contains("-e  -u");
    assertThat(manifest.file("bin/sh").size()).isEqualTo(Files.size(shell));
    assertThat(manifest.closureOf("bin/x")).contains("lib/libc.so.6", "bin/sh");

    Manifest byEnv =
        programs.closure(Naming.ROUTE, programs.script("y", "#! /usr/bin/env sh\n")).manifest();
    assertThat(byEnv.file("bin/y").interpreter()).contains("bin/sh");
    assertThat(byEnv.file("bin/y").interpreterArgument()).isEmpty();
  }

  @Test
  void scriptsThatCannotBeRunAreRefused() throws Exception {
    refused("#!sh\n", "the interpreter after #! is no absolute path");
    refused("#!\n", "the interpreter after #! is no absolute path");
    refused(
        "#!/usr/bin/env -S sh -e\n", "of env, only `#!/usr/bin/env NAME` is understood after #!");
    refused(
        "#!/usr/bin/env nothing-such\n", "its interpreter nothing-such is in none of: /usr/bin");
    refused("#!/bin/" + "x".repeat(300) + "\n", "the line after #! is longer than 255 bytes");
    Path inner = programs.script("inner", "#!/bin/sh\n");
    refused("#!" + inner + "\n", "its interpreter " + inner + " is a script itself");
  }

  private void refused(String script, String why) throws IOException {
    Path file = programs.script("script", script);
    assertThatThrownBy(() -> programs.closure(Naming.ROUTE, file))
        .isInstanceOf(ClosureException.class)
        .hasMessage(file + ": " + why);
  }

  @Test
  void aStaticProgramIsAClosureOfItsOwn() throws Exception {
    Path program = programs.program("bin/alone", List.of("-static"));
    Manifest manifest = programs.closure(Naming.HANDLE, program).manifest();

    assertThat(manifest.files()).containsOnlyKeys("bin/alone");
    assertThat(manifest.file("bin/alone").interpreter()).isEmpty();
    assertThat(programs.content(manifest.file("bin/alone"))).isEqualTo(Files.readAllBytes(program));
  }

  @Test
  void whatIsNoProgramIsRefused() throws Exception {
    Path program = diamond();
    Path text = programs.script("text", "hello");
    Path truncated = directory.resolve("truncated");
    Files.write(truncated, Arrays.copyOf(Files.readAllBytes(program), 200));
    Path object = programs.program("object.o", List.of("-c"));

    assertThatThrownBy(() -> programs.closure(Naming.ROUTE, text))
        .hasMessage(text + ": neither an ELF file nor a script");
    assertThatThrownBy(() -> programs.closure(Naming.ROUTE, truncated))
        .isInstanceOf(ClosureException.class)
        .hasMessageStartingWith(truncated + ": malformed ELF at byte ");
    assertThatThrownBy(() -> programs.closure(Naming.ROUTE, object))
        .hasMessage(object + ": neither a program nor a library, but ELF of type REL");
    assertThatThrownBy(() -> programs.closure(Naming.ROUTE, directory))
        .hasMessage(directory + ": is a directory");
    assertThatThrownBy(
            () ->
                programs.closure(Naming.ROUTE, program, programs.program("other/prog", List.of())))
        .hasMessageStartingWith("duplicate bin/prog: both ");

    Files.write(directory.resolve("lib/liba.so.1"), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> programs.closure(Naming.ROUTE, program))
        .isInstanceOf(ClosureException.class)
        .hasMessageEndingWith("lib/liba.so.1: is no ELF file, but a library was wanted");
  }

  @Test
  void aSecretGivesOtherNames() throws Exception {
    Path program = diamond();
    Closure open = programs.closure(Naming.HANDLE, program);
    byte[] secret = new byte[ConvergenceSecret.BYTES];
    Closure closed =
        ClosureBuilder.build(
            ClosureRequest.of(Naming.HANDLE, program),
            programs.store,
            ConvergenceSecret.copyOf(Arrays.copyOf(new byte[] {1}, secret.length)),
            EncodingWatcher.NONE);

    assertThat(closed.manifest().file("lib/libc.so.6").handle())
        .isNotEqualTo(open.manifest().file("lib/libc.so.6").handle());
  }

  /// Row 18: what a change of one library costs.
  @Test
  void aChangedLibraryIsOneObjectWithRoutesAndAllDependantsWithHandles() throws Exception {
    Path program = diamond();
    Manifest routed = programs.closure(Naming.ROUTE, program).manifest();
    Manifest named = programs.closure(Naming.HANDLE, program).manifest();
    programs.library("lib/libb.so.1", "b is better");
    ClosureDiff byRoute =
        ClosureDiff.between(routed, programs.closure(Naming.ROUTE, program).manifest());
    ClosureDiff byHandle =
        ClosureDiff.between(named, programs.closure(Naming.HANDLE, program).manifest());

    assertThat(byRoute.changes())
        .extracting(ClosureDiff.Change::path)
        .containsExactly("lib/libb.so.1");
    assertThat(byHandle.changes())
        .extracting(ClosureDiff.Change::path)
        .containsExactly("bin/prog", "lib/liba.so.1", "lib/libb.so.1");
    assertThat(byRoute.missingBytes()).isLessThan(byHandle.missingBytes());
    assertThat(byHandle.missingBlocks(named, programs.store))
        .isBetween(1L, byHandle.maxMissingBlocks());
  }
}
