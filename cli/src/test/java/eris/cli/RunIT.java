package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eris.Reference;
import eris.codec.TreeWalk;
import eris.format.Manifest;
import eris.image.closure.ManifestJson;
import eris.store.MemoryBlockStore;
import eris.stores.DirectoryStore;
import eris.testkit.BlockServer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `eris run`, really started: programs of this machine, from closures.
final class RunIT extends RealCommand {
  private static final String RUN = "eris run --store dir:store ";

  /// Puts a closure into the store `dir:store` and its manifest into `NAME.json`.
  private void closure(String name, String words) throws Exception {
    Outcome outcome =
        bash("eris image closure -q --store dir:store -o %s.json %s".formatted(name, words));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  private void assertSame(String installed, String run) throws Exception {
    Outcome wanted = bash(installed);
    assertThat(bash(run)).isEqualTo(wanted);
  }

  @Test
  void theProcessBecomesTheProgram() throws Exception {
    closure("bash", "/bin/bash");
    String words = " -c 'cat; echo \"$0: $#: $*\"; echo err >&2; env | sort; exit 3' n a 'b  c'";
    String raw = " $'\\xff' \"$(seq 200)\" $(seq 200)";
    for (String before : List.of("echo in | X=$'\\xfe' LC_ALL=POSIX ", "LANG=C.UTF-8 ")) {
      assertSame(before + "bash" + words + raw, before + RUN + "bash.json --" + words + raw);
    }
    assertThat(bash(RUN + "bash.json -- -c nonsense").exitCode()).isEqualTo(127);
    assertThat(bash(RUN + "bash.json -- -c 'kill -TERM $$'").exitCode()).isEqualTo(143);
  }

  @Test
  void nothingStartsFromAServerThatLies() throws Exception {
    closure("bash", "/bin/bash");
    Manifest manifest = ManifestJson.read(Files.readAllBytes(home.resolve("bash.json")));
    try (MemoryBlockStore blocks = copyOfTheStore();
        BlockServer server = BlockServer.of(blocks)) {
      String run = "eris run --store %s bash.json -- -c 'echo started'".formatted(server.url());
      assertThat(bash(run)).isEqualTo(new Outcome(0, "started\n", ""));

      Reference lied = leaves(blocks, manifest.file("lib/libc.so.6")).get(5);
      blocks.put(lied, MemorySegment.ofArray(new byte[32768]));
      assertThat(bash(run))
          .isEqualTo(
              new Outcome(
                  4,
                  "",
                  """
                  eris: error: lib/libc.so.6: block 5 is corrupt: %s does not hash to its reference
                  eris: hint: another store may hold a good copy: --store
                  """
                      .formatted(lied)));
      assertThat(bash(run.replace(" bash.json", " --store dir:store bash.json")).out())
          .isEqualTo("started\n");
    }
  }

  private MemoryBlockStore copyOfTheStore() throws IOException {
    var copy = new MemoryBlockStore();
    try (var store = DirectoryStore.openReadOnly(home.resolve("store"))) {
      MemorySegment block = MemorySegment.ofArray(new byte[32768]);
      store.forEach(
          Reference.LEAST,
          (reference, _) -> copy.put(reference, store.get(reference, block).orElseThrow()));
    }
    return copy;
  }

  private static List<Reference> leaves(MemoryBlockStore store, Manifest.Entry file)
      throws IOException {
    List<Reference> leaves = new ArrayList<>();
    TreeWalk.walkNodes(
        store,
        file.content(),
        new TreeWalk.Visitor() {
          @Override
          public void block(Reference reference, int level) {
            if (level == 0) {
              leaves.add(reference);
            }
          }
        });
    return leaves;
  }

  @Test
  @Tag("wide")
  void signalsAreTheProgramsOwn() throws Exception {
    closure("bash", "/bin/bash");
    Process process =
        start(RUN + "bash.json -- -c \"trap 'echo caught; exit 7' INT; echo ready; read -r x\"");
    try (var out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("ready");
      interrupt(process); // the process that was started, not a child of it
      assertThat(out.readLine()).isEqualTo("caught");
    }
    assertThat(process.waitFor()).isEqualTo(7);

    // Signals 32 and 33 are the C library's own.
    String masks =
        "-c 'while read -r name value; do case $name in"
            + " SigBlk:|SigIgn:) echo $name $((0x$value & 0x7fffffff)) ;; esac; done"
            + " </proc/self/status; ulimit -Sc; ulimit -n'";
    for (String given : List.of("", "trap '' PIPE HUP QUIT USR1; ulimit -Sn 300; ulimit -Sc 0; ")) {
      assertSame(given + "bash " + masks, given + RUN + "bash.json -- " + masks);
    }
  }

  @Test
  @Tag("wide")
  void noVariableBringsCodeThatNobodyVerified() throws Exception {
    closure("bash", "/bin/bash");
    for (String variable :
        List.of("LD_PRELOAD", "ERIS_CALLER_LD_PRELOAD", "ERIS_CALLER_LC_ALL", "ERIS_CLOSURE")) {
      Outcome outcome = bash(variable + "=none.so " + RUN + "-q bash.json -- -c env");
      assertThat(outcome.exitCode()).isZero();
      assertThat(outcome.out()).as(variable).doesNotContain("none.so");
    }
  }

  /// Failed once in some 120 runs, with nothing on standard output, for a reason that is not known yet.
  @Test
  @Tag("deep")
  void onlyDescriptorsOfTheCallerAndTheFilesOfTheClosureAreOpen() throws Exception {
    closure("bash", "/bin/bash");
    String list = "-c 'ls -l /proc/$$/fd | grep -o \"[0-9]* -> .*\"; cat <&7; cat \"$1\"' x ";
    Outcome outcome = bash(RUN + "bash.json -- " + list + "<(echo named) 7< <(echo seven)");

    assertThat(outcome.out()).endsWith("seven\nnamed\n");
    assertThat(outcome.out().lines().filter(line -> line.matches("\\d+ -> .*")))
        .allMatch(
            line ->
                line.matches("[012] -> .*|7 -> pipe:.*|\\d\\d -> pipe:.*")
                    || line.matches("1\\d\\d -> /memfd:.* \\(deleted\\)"))
        .anyMatch(line -> line.contains("/memfd:bash"));
  }

  @Test
  @Tag("wide")
  void pipesBreakAsTheyShould() throws Exception {
    closure("seq", "/usr/bin/seq");
    assertThat(bash(RUN + "seq.json -- 1000000000 | head -n 1; echo ${PIPESTATUS[0]}").out())
        .isEqualTo("1\n141\n");
    Process cat = start("eris image closure -q --store dir:store -o cat.json /bin/cat >&2");
    assertThat(cat.waitFor()).isZero();
    cat = start("eris run --store dir:store cat.json");
    try (OutputStream in = cat.getOutputStream()) {
      in.write(Shell.randomBytes(1000));
    }
    assertThat(cat.getInputStream().readAllBytes()).isEqualTo(Shell.randomBytes(1000));
    assertThat(cat.waitFor()).isZero();
  }

  @Test
  @Tag("wide")
  void scriptsAreRunByTheInterpreterOfTheirClosure() throws Exception {
    Files.writeString(
        home.resolve("script"),
        "#!/bin/bash -e\necho \"$0 $*\" ${BASH_VERSINFO[0]}; false; echo no");
    assertThat(home.resolve("script").toFile().setExecutable(true)).isTrue();
    closure("script", "./script");

    Outcome outcome = bash(RUN + "script.json -- one 'two  three'");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).matches("/proc/self/fd/\\d+ one two  three \\d+\n");
  }

  @Test
  @Tag("wide")
  void librariesPluginsAndDataComeFromTheClosureAlone() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "no gcc");
    Files.writeString(home.resolve("lib.c"), "#include <stdio.h>\nvoid f(void){puts(WHO);}");
    Files.writeString(
        home.resolve("main.c"),
        """
        #include <stdio.h>
        #include <dlfcn.h>
        void f(void);
        int main(int argc, char **argv) {
          f();
          void *plugin = argc > 1 ? dlopen(argv[1], RTLD_NOW) : 0;
          if (argc > 1 && !plugin) { puts(dlerror()); return 9; }
          if (plugin) ((void (*)(void)) dlsym(plugin, "f"))();
          return 0;
        }
        """);
    Outcome built =
        bash(
            """
            set -e
            mkdir good bad
            gcc -shared -fPIC -DWHO='"good"' -Wl,-soname,libl.so.1 -o good/libl.so.1 lib.c
            gcc -shared -fPIC -DWHO='"plain"' -o good/libplain.so lib.c
            gcc -shared -fPIC -DWHO='"plugin"' -o good/libplug.so lib.c
            gcc -o named main.c -Wl,--disable-new-dtags,-rpath,$PWD/bad good/libl.so.1
            gcc -o plain main.c -Wl,--disable-new-dtags,-rpath,$PWD/bad -Lgood -lplain
            mkdir -p tree/sub; echo inside > tree/sub/file; ln -s sub/file tree/link
            """);
    assertThat(built.exitCode()).as(built.err()).isZero();
    closure("named", "--lib-path good ./named");
    closure("plain", "--lib-path good ./plain --plugin libplug.so=good/libplug.so");
    closure("data", "/bin/bash --data share/tree=tree --data etc/file=main.c");
    Outcome host =
        bash(
            """
            gcc -shared -fPIC -DWHO='"HOST"' -Wl,-soname,libl.so.1 -o bad/libl.so.1 lib.c
            cp bad/libl.so.1 bad/libplain.so; rm -r good tree; ./named
            """);
    assertThat(host.out()).isEqualTo("HOST\n"); // what the run path leads to now
    String preloaded = "LD_PRELOAD=$PWD/bad/libl.so.1 LD_LIBRARY_PATH=$PWD/bad ";

    assertThat(bash(preloaded + RUN + "-q named.json")).isEqualTo(new Outcome(0, "good\n", ""));
    assertThat(bash(preloaded + RUN + "named.json").err())
        .startsWith("eris: warning: LD_LIBRARY_PATH is not passed on");
    assertThat(bash("XDG_RUNTIME_DIR=$PWD " + RUN + "plain.json -- libplug.so"))
        .isEqualTo(new Outcome(0, "plain\nplugin\n", ""));
    assertThat(
            bash(
                "XDG_RUNTIME_DIR=$PWD "
                    + RUN
                    + "data.json -- -c 'cd $ERIS_CLOSURE && cat share/tree/link && cmp etc/file "
                    + home.resolve("main.c")
                    + "'"))
        .isEqualTo(new Outcome(0, "inside\n", ""));
    awaitNoDirectory();
  }

  private void awaitNoDirectory() throws Exception {
    while (namesOfDirectories() > 0) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private long namesOfDirectories() throws IOException {
    try (var files = Files.list(home)) {
      return files.filter(file -> file.getFileName().toString().startsWith("eris-run-")).count();
    }
  }

  @Test
  @Tag("wide")
  void aRewrittenClosureRunsToo() throws Exception {
    closure("handles", "--names handle /usr/bin/sort");
    assertThat(bash("printf 'b\\na\\n' | " + RUN + "handles.json").out()).isEqualTo("a\nb\n");

    assertThat(bash("eris image dir --store dir:store --names handle -o objects handles.json"))
        .isEqualTo(new Outcome(0, "", ""));
    Manifest manifest = ManifestJson.read(Files.readAllBytes(home.resolve("handles.json")));
    String program = manifest.file("bin/sort").handle().toString();
    assertThat(
            bash("printf 'b\\na\\n' | LD_LIBRARY_PATH=$PWD/objects objects/ld-linux-x86-64.so.2"
                    + " objects/"
                    + program)
                .out())
        .isEqualTo("a\nb\n");
  }

  @Test
  @Tag("wide")
  void programsOfThisMachineDoWhatTheyDoInstalled() throws Exception {
    List<String> commands =
        List.of(
                "bash -c 'echo $((6*7)) $# $0' n a b",
                "git log --oneline -3",
                "python3 -c 'import json,hashlib,sqlite3,ssl,sys;"
                    + " print(hashlib.sha256(b\"x\").hexdigest(), sys.argv, ssl.OPENSSL_VERSION)' a",
                "gdb -batch -ex 'print 6*7'",
                "curl --version",
                "sqlite3 :memory: 'select 6*7, sqlite_version()'",
                "vim --version",
                "perl -MPOSIX -MDigest::SHA -e 'print floor(7.5), Digest::SHA::sha1_hex(1), @ARGV' a",
                "openssl dgst -sha256 /etc/passwd",
                "node -e 'console.log(6*7)'",
                "awk 'BEGIN { print sin(1) }'",
                "sed -n 1p /etc/passwd",
                "grep -c root /etc/passwd",
                "tar -c -f - -C /etc passwd",
                "gzip -c -n /etc/passwd",
                "sort -r /etc/passwd",
                "gcc --version",
                "ssh -V",
                "jq -n 6*7",
                "less --version",
                "diff /etc/passwd /etc/group",
                "file -L /bin/ls",
                "gpg --version",
                "ls -l /etc/passwd",
                "date -u -d @0",
                "mount --version")
            .stream()
            .filter(command -> installed(command).isPresent())
            .toList();
    assertThat(commands).hasSizeGreaterThanOrEqualTo(20);
    List<String> roots = commands.stream().map(c -> installed(c).orElseThrow().toString()).toList();
    closure("all", String.join(" ", roots));

    for (String command : commands) {
      String path = installed(command).orElseThrow().toString();
      String name = command.split(" ", 2)[0];
      String words = command.substring(name.length());
      String file = path.substring(path.lastIndexOf('/') + 1);
      Outcome wanted = bash("exec -a %s %s%s 2>&1 < /dev/null".formatted(file, path, words));
      Outcome got =
          bash("%s -q --component %s all.json --%s 2>&1 < /dev/null".formatted(RUN, file, words));
      assertThat(got).as(command).isEqualTo(wanted);
    }
    System.out.printf("programs: %d do what they do installed%n", commands.size());
  }

  /// Where the program of a command is, links followed, if it is an ELF file.
  private static java.util.Optional<Path> installed(String command) {
    Path path = Path.of("/usr/bin", command.split(" ", 2)[0]);
    try {
      byte[] head = new byte[4];
      try (var file = Files.newInputStream(path)) {
        if (file.readNBytes(head, 0, 4) < 4 || head[0] != 0x7f || head[1] != 'E') {
          return java.util.Optional.empty();
        }
      }
      return java.util.Optional.of(path.toRealPath());
    } catch (IOException _) {
      return java.util.Optional.empty();
    }
  }
}
