"""Manifests of closures in both forms, and what is none (docs/formats/manifest.md)."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .codec import ERIS, HIGHEST_LEVEL, LARGE, SMALL, Encoder, base32
from .forms import Json, stream

TAG = 0x6572696D
CAPABILITY_TAG = 276
TYPES = ("elf", "script", "data", "tree")
NAMINGS = ("route", "handle", "urn")
FIELDS = ("arch", "names", "roots", "files", "aliases")
FILE_FIELDS = ("cap", "size", "type", "interpreter", "interpreter-argument", "needs", "plugins")


class MalformedManifest(Exception):
    """These bytes, or this text, are no manifest."""


class Tag(NamedTuple):
    """A tagged item."""

    number: int
    content: Any


# CBOR: unsigned integers, strings, arrays, maps with text as keys, tags


def head(major: int, argument: int) -> bytes:
    """The first bytes of an item, as short as they can be."""
    if argument < 24:
        return bytes([major << 5 | argument])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << 8 * size:
            return bytes([major << 5 | code]) + argument.to_bytes(size, "big")
    raise ValueError(f"{argument} is too large")


def cbor(item: Any) -> bytes:
    """The deterministic encoding (RFC 8949, section 4.2.1)."""
    match item:
        case bool() | None:
            raise ValueError("not in our formats")
        case int():
            return head(0, item) if item >= 0 else head(1, -1 - item)
        case bytes():
            return head(2, len(item)) + item
        case str():
            text = item.encode()
            return head(3, len(text)) + text
        case Tag():
            return head(6, item.number) + cbor(item.content)
        case list():
            return head(4, len(item)) + b"".join(map(cbor, item))
        case dict():
            entries = sorted((cbor(key), cbor(value)) for key, value in item.items())
            return head(5, len(entries)) + b"".join(key + value for key, value in entries)
    raise ValueError(f"{type(item)} is not in our formats")


class Reader:
    """Reads one item, in its one encoding."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, count: int) -> bytes:
        taken = self.data[self.position : self.position + count]
        require(len(taken) == count, "the input ends")
        self.position += count
        return taken

    def item(self) -> Any:
        first = self.take(1)[0]
        major, info = first >> 5, first & 31
        require(info < 28 and major < 7, "an item that is not in our formats")
        argument = info if info < 24 else int.from_bytes(self.take(1 << info - 24), "big")
        require(head(major, argument)[0] == first, "a head that is not the shortest")
        match major:
            case 0:
                require(argument < 1 << 63, "a number beyond 63 bits")
                return argument
            case 1:
                return -1 - argument
            case 2:
                return self.take(argument)
            case 3:
                return text_of(self.take(argument))
            case 4:
                return [self.item() for _ in range(self.count(argument))]
            case 5:
                return self.map(argument)
            case _:
                return Tag(argument, self.item())

    def count(self, count: int) -> int:
        require(count <= len(self.data) - self.position, "the input ends")
        return count

    def map(self, count: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        previous = b""
        for _ in range(self.count(count)):
            start = self.position
            key = self.item()
            encoded = self.data[start : self.position]
            require(isinstance(key, str), "a key that is no text")
            require(previous < encoded, "keys are not sorted, or there twice")
            previous = encoded
            result[key] = self.item()
        return result


def require(condition: bool, rule: str) -> None:
    """Refuses what breaks a rule."""
    if not condition:
        raise MalformedManifest(rule)


def text_of(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise MalformedManifest("text is not UTF-8") from error


# A manifest is a dict as in its JSON, without version, handles and closures


def encode(manifest: Json) -> bytes:
    """The CBOR form."""
    body = copy.deepcopy(manifest)
    for entry in body["files"].values():
        if isinstance(entry.get("cap"), str):
            entry["cap"] = Tag(CAPABILITY_TAG, ERIS.binary(ERIS.parse(entry["cap"])))
    return cbor(Tag(TAG, [1, body]))


def decode(data: bytes) -> Json:
    """The inverse of `encode`, strictly."""
    reader = Reader(data)
    item = reader.item()
    require(reader.position == len(data), "bytes after the item")
    require(isinstance(item, Tag) and item.number == TAG, "another tag")
    require(isinstance(item.content, list) and len(item.content) == 2, "no array of two")
    version, body = item.content
    require(version == 1, "another version")
    require(isinstance(body, dict) and set(body) == set(FIELDS), "other fields")
    require(isinstance(body["files"], dict), "no map of files")
    for entry in body["files"].values():
        require(isinstance(entry, dict), "a file that is no map")
        require({"cap", "size", "type"} <= set(entry) <= set(FILE_FIELDS), "other fields of a file")
        tag = entry["cap"]
        require(isinstance(tag, Tag) and tag.number == CAPABILITY_TAG, "no tag 276")
        require(isinstance(tag.content, bytes) and len(tag.content) == 66, "no capability")
        require(tag.content[0] in (0x0A, 0x0F), "an unknown block size")
        entry["cap"] = ERIS.urn_of_bytes(tag.content)
    check(body)
    return body


def check(manifest: Json) -> None:
    """All rules beyond the encoding."""
    files, roots, aliases = manifest["files"], manifest["roots"], manifest["aliases"]
    arch = manifest["arch"]
    require(isinstance(arch, str) and 1 <= len(arch) <= 32, "the architecture")
    require(set(arch) <= set("abcdefghijklmnopqrstuvwxyz0123456789_"), "the architecture")
    require(manifest["names"] in NAMINGS, "an unknown naming")
    require(isinstance(roots, list) and len(roots) > 0, "no root")
    require(all(isinstance(root, str) and root in files for root in roots), "a root that is no file")
    require(len(set(roots)) == len(roots), "a root that is there twice")
    check_table(aliases, files)
    for path, entry in files.items():
        check_name(path)
        require(all(name not in ("", ".", "..") for name in path.split("/")), "a name in a path")
        above = path.split("/")
        for depth in range(1, len(above)):
            require("/".join(above[:depth]) not in files, "a path through another")
        check_file(entry, files, manifest["names"])


def check_file(entry: Json, files: Json, naming: str) -> None:
    """The rules of one file."""
    capability = ERIS.parse(entry["cap"])
    require(capability.level <= HIGHEST_LEVEL[capability.block_size], "a level that no content has")
    require(isinstance(entry["size"], int) and entry["size"] >= 0, "the size")
    kind = entry["type"]
    require(kind in TYPES, "an unknown type")
    for field in ("needs", "plugins"):
        if field in entry:
            require(entry[field] != {}, "an empty table")
            check_table(entry[field], files)
    require("needs" not in entry or kind == "elf", "needs of what is no ELF file")
    require("plugins" not in entry or kind in ("elf", "script"), "plugins of what is no program")
    if "interpreter" in entry:
        require(kind in ("elf", "script"), "an interpreter of what is no program")
        require(entry["interpreter"] in files, "an interpreter that is no file")
    require(kind != "script" or "interpreter" in entry, "a script without interpreter")
    if "interpreter-argument" in entry:
        argument = entry["interpreter-argument"]
        require(kind == "script", "an argument of what is no script")
        require(isinstance(argument, str) and 0 < len(argument.encode()) <= 4095, "the argument")
        require("\0" not in argument, "the argument")
    for name, target in entry.get("needs", {}).items():
        if naming == "handle" and name.startswith("eris-"):
            require(name == handle(files[target]), "the handle of another file")
        if naming == "urn" and name.startswith("urn:"):
            require(name == files[target]["cap"], "the URN of another file")


def check_table(table: Any, files: Json) -> None:
    require(isinstance(table, dict), "no table")
    for name, target in table.items():
        check_name(name)
        require(isinstance(target, str) and target in files, "a target that is no file")


def check_name(name: str) -> None:
    require(0 < len(name.encode()) <= 4095 and "\0" not in name, "a name")
    require(all(len(part.encode()) <= 255 for part in name.split("/")), "a name that is too long")


def handle(entry: Json) -> str:
    """The name of its content."""
    return "eris-" + base32(ERIS.parse(entry["cap"]).root.reference)


def closure(path: str, files: Json) -> list[str]:
    """The paths of all that a file needs."""
    found: set[str] = set()
    pending = [path]
    while pending:
        entry = files[pending.pop()]
        targets = {*entry.get("needs", {}).values(), *entry.get("plugins", {}).values()}
        if "interpreter" in entry:
            targets.add(entry["interpreter"])
        pending += targets - found
        found |= targets
    return sorted(found, key=utf16)


def utf16(text: str) -> bytes:
    """What texts are sorted by in JSON."""
    return text.encode("utf-16-be")


def json_fields(manifest: Json) -> Json:
    """The JSON form, before it is text."""
    files = {}
    for path in sorted(manifest["files"], key=utf16):
        entry = manifest["files"][path]
        fields: Json = {"cap": entry["cap"], "handle": handle(entry)}
        for name in FILE_FIELDS[1:]:
            if name in entry:
                value = entry[name]
                fields[name] = sorted_table(value) if isinstance(value, dict) else value
        needed = closure(path, manifest["files"])
        files[path] = fields | ({"closure": needed} if needed else {})
    return {"eris-manifest": 1} | manifest | {"files": files, "aliases": sorted_table(manifest["aliases"])}


def sorted_table(table: Json) -> Json:
    return {name: table[name] for name in sorted(table, key=utf16)}


def json_text(fields: Json) -> str:
    return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def decode_json(text: str) -> Json:
    """The inverse of `json_text` and `json_fields`, strictly."""
    try:
        fields = json.loads(text, object_pairs_hook=without_duplicates)
    except ValueError as error:
        raise MalformedManifest("no JSON") from error
    require(isinstance(fields, dict) and fields.pop("eris-manifest", None) == 1, "another version")
    require(isinstance(fields.get("files"), dict), "no map of files")
    claims = {}
    for path, entry in fields["files"].items():
        require(isinstance(entry, dict), "a file that is no map")
        claims[path] = (entry.pop("handle", None), entry.pop("closure", []))
        try:
            ERIS.parse(entry.get("cap", ""))
        except Exception as error:
            raise MalformedManifest("no capability") from error
    manifest = decode(encode_json_values(fields))
    for path, entry in manifest["files"].items():
        require(claims[path] == (handle(entry), closure(path, manifest["files"])), "handle or closure")
    return manifest


def encode_json_values(fields: Json) -> bytes:
    try:
        return encode(fields)
    except (ValueError, UnicodeEncodeError) as error:
        raise MalformedManifest("a value of another kind") from error


def without_duplicates(pairs: list[tuple[str, Any]]) -> Json:
    require(len({key for key, _ in pairs}) == len(pairs), "a name that is there twice")
    return dict(pairs)


# The cases


def urn(name: str, size: int) -> str:
    """The capability of content that is made from its name."""
    return ERIS.urn(Encoder(SMALL if size < 16384 else LARGE).encode(stream(name, size).data))


def file(name: str, size: int, kind: str, **more: Any) -> Json:
    return {"cap": urn(name, size), "size": size, "type": kind} | more


def least() -> Json:
    """A static program."""
    return {
        "arch": "riscv64",
        "names": "route",
        "roots": ["bin/true"],
        "files": {"bin/true": file("true", 100, "elf")},
        "aliases": {},
    }


LOADER = "lib/ld-linux-x86-64.so.2"


def tor() -> Json:
    """A program with libraries, a script, a plugin, data and a directory."""
    libc = file("libc", 40000, "elf", needs={"ld-linux-x86-64.so.2": LOADER})
    return {
        "arch": "x86_64",
        "names": "route",
        "roots": ["bin/tor", "bin/torify"],
        "files": {
            "bin/tor": file(
                "tor",
                20000,
                "elf",
                interpreter=LOADER,
                needs={"libc.so.6": "lib/libc.so.6", "libz.so": "lib/libz.so.1"},
                plugins={"/usr/lib/tor/geo.so": "lib/geo.so"},
            ),
            "bin/torify": file(
                "torify", 321, "script", interpreter="bin/sh", **{"interpreter-argument": "-e -u"}
            ),
            "bin/sh": file("sh", 5000, "elf", interpreter=LOADER, needs={"libc.so.6": "lib/libc.so.6"}),
            LOADER: file("loader", 3000, "elf"),
            "lib/libc.so.6": libc,
            "lib/libz.so.1": file("libz", 1023, "elf", needs={"libc.so.6": "lib/libc.so.6"}),
            "lib/geo.so": file("geo", 1024, "elf", needs={"libz.so.1": "lib/libz.so.1"}),
            "etc/torrc": file("torrc", 0, "data"),
            "share/tor": file("tree", 77, "tree"),
        },
        "aliases": {"libz.so.1": "lib/libz.so.1", "libz.so": "lib/libz.so.1"},
    }


def renamed(naming: str) -> Json:
    """A program that asks by handle or URN, and by name for its loader."""
    library = file("library", 2000, "elf", needs={"ld-linux-x86-64.so.2": LOADER})
    name = handle(library) if naming == "handle" else library["cap"]
    return {
        "arch": "x86_64",
        "names": naming,
        "roots": ["bin/x"],
        "files": {
            "bin/x": file("x", 1500, "elf", interpreter=LOADER, needs={name: "lib/libx.so"}),
            "lib/libx.so": library,
            LOADER: file("loader", 3000, "elf"),
        },
        "aliases": {},
    }


def cycle() -> Json:
    """Two libraries that need each other, which route allows."""
    return {
        "arch": "aarch64",
        "names": "route",
        "roots": ["lib/a.so"],
        "files": {
            "lib/a.so": file("a", 10, "elf", needs={"b.so": "lib/b.so"}),
            "lib/b.so": file("b", 11, "elf", needs={"a.so": "lib/a.so"}),
        },
        "aliases": {},
    }


def unusual_names() -> Json:
    """Names of other scripts, in the order in which JSON sorts them, and of the greatest length."""
    names = ["data/\U0001f600", "data/\ufb01", "data/ä ö", "data/" + "x" * 255, "data/-"]
    files: Json = {name: file("data", 5, "data") for name in names}
    return {
        "arch": "a" * 32,
        "names": "route",
        "roots": ["bin/true"],
        "files": files | {"bin/true": file("true", 100, "elf")},
        "aliases": {"/a/" * 1000 + "b": "data/-"},
    }


def manifests() -> list[Json]:
    """All cases, each through the readers above."""
    result: list[Json] = []
    for name, manifest, why in positives():
        data = encode(manifest)
        text = json_text(json_fields(manifest))
        assert decode(data) == manifest == decode_json(text), name
        capability = Encoder(SMALL if len(data) < 16384 else LARGE).encode(data)
        result.append(
            {
                "name": name,
                "valid": True,
                "why": why,
                "cbor": base32(data),
                "json": text,
                "urn": ERIS.urn(capability),
            }
        )
    for name, data, why in negative_cbor():
        assert is_refused(decode, data), name
        result.append({"name": name, "valid": False, "why": why, "cbor": base32(data)})
    for name, text, why in negative_json():
        assert is_refused(decode_json, text), name
        result.append({"name": name, "valid": False, "why": why, "json": text})
    return result


def is_refused(read: Callable[[Any], Json], source: Any) -> bool:
    try:
        read(source)
    except MalformedManifest:
        return True
    return False


def positives() -> Iterator[tuple[str, Json, str]]:
    yield "least", least(), "a static program: nothing that may be left out"
    yield "tor", tor(), "all fields, all types"
    yield "handle", renamed("handle"), "needs by handle, the loader by name"
    yield "urn", renamed("urn"), "needs by URN, the loader by name"
    yield "cycle", cycle(), "two libraries that need each other"
    yield "unusual-names", unusual_names(), "beyond ASCII, and as long as may be"


Change = Callable[[Json], Any]


def changes() -> Iterator[tuple[str, Change, str]]:
    """What breaks a rule in `tor`, in either form."""
    yield "no-root", lambda m: m["roots"].clear(), "no root"
    yield "root-twice", lambda m: m["roots"].append("bin/tor"), "a root twice"
    yield "root-nowhere", lambda m: m["roots"].append("bin/no"), "a root that is no file"
    yield "root-number", lambda m: m["roots"].append(1), "a root that is no text"
    yield "naming", lambda m: m.update(names="path"), "a naming that is not known"
    yield "arch-empty", lambda m: m.update(arch=""), "an empty architecture"
    yield "arch-blank", lambda m: m.update(arch="x86 64"), "a blank in the architecture"
    yield "arch-long", lambda m: m.update(arch="a" * 33), "33 characters of architecture"
    yield "field", lambda m: m.update(more=1), "a field that is not known"
    yield "no-field", lambda m: m.pop("aliases"), "a field is missing"
    yield "alias-nowhere", lambda m: m["aliases"].update(x="lib/x"), "an alias of no file"
    yield "alias-empty", lambda m: m["aliases"].update({"": "bin/tor"}), "an empty alias"
    for name in ("", "/", "/bin/x", "bin//x", "bin/", ".", "..", "bin/../x", "./x", "a\0b"):
        path = name.replace("\0", "NUL").replace("/", "-") or "empty"
        yield f"path-{path}", rename("etc/torrc", name), f"the path {name!a}"
    yield "path-above", rename("etc/torrc", "bin"), "a path that another leads through"
    yield "path-below", rename("etc/torrc", "bin/tor/rc"), "a path through a file"
    yield "path-long-name", rename("etc/torrc", "a" * 256), "a name of 256 bytes in a path"
    yield "path-long", rename("etc/torrc", "/".join(["abc"] * 1024) + "d"), "a path of 4096 bytes"
    for field in ("cap", "size", "type"):
        yield f"file-no-{field}", on("bin/tor", lambda f, n=field: f.pop(n)), f"a file without {field}"
    yield "file-field", on("bin/tor", lambda f: f.update(mode=493)), "a field of a file not known"
    yield "size-negative", on("bin/tor", lambda f: f.update(size=-1)), "a negative size"
    yield "size-text", on("bin/tor", lambda f: f.update(size="1")), "a size that is text"
    yield "type", on("bin/tor", lambda f: f.update(type="program")), "a type that is not known"
    yield "level", on("bin/tor", lambda f: f.update(cap=at_level(f["cap"]))), "a level of no content"
    yield "needs-nowhere", on("bin/tor", lambda f: f["needs"].update(x="lib/x")), "a need of no file"
    yield "needs-empty", on(LOADER, lambda f: f.update(needs={})), "needs that are empty"
    yield "needs-name", on("bin/tor", lambda f: f["needs"].update({"": LOADER})), "an empty need"
    yield "needs-long", on("bin/tor", lambda f: f["needs"].update({"n" * 256: LOADER})), "a long need"
    yield "needs-nul", on("bin/tor", lambda f: f["needs"].update({"\0": LOADER})), "NUL in a need"
    yield "needs-array", on("bin/tor", lambda f: f.update(needs=["x"])), "needs that are no map"
    yield "needs-data", on("etc/torrc", lambda f: f.update(needs={"x": LOADER})), "needs of data"
    yield "plugins-empty", on("bin/tor", lambda f: f.update(plugins={})), "plugins that are empty"
    yield "plugins-tree", on("share/tor", lambda f: f.update(plugins={"x": LOADER})), "of a tree"
    yield "interpreter-nowhere", on("bin/tor", lambda f: f.update(interpreter="lib/x")), "no file"
    yield "interpreter-data", on("etc/torrc", lambda f: f.update(interpreter=LOADER)), "of data"
    yield "script-alone", on("bin/torify", lambda f: f.pop("interpreter")), "a script without one"
    key = "interpreter-argument"
    yield "argument-elf", on("bin/tor", lambda f: f.update({key: "-x"})), "an argument of ELF"
    yield "argument-empty", on("bin/torify", lambda f: f.update({key: ""})), "an empty argument"
    yield "argument-long", on("bin/torify", lambda f: f.update({key: "a" * 4096})), "4096 bytes of it"


def rename(path: str, other: str) -> Change:
    return lambda m: m["files"].update({other: m["files"].pop(path)})


def on(path: str, change: Change) -> Change:
    return lambda m: change(m["files"][path])


def at_level(text: str) -> str:
    capability = ERIS.parse(text)
    return ERIS.urn(capability._replace(level=HIGHEST_LEVEL[capability.block_size] + 1))


def changed(manifest: Json, change: Change) -> Json:
    copied = copy.deepcopy(manifest)
    change(copied)
    return copied


def negative_cbor() -> Iterator[tuple[str, bytes, str]]:
    for name, change, why in changes():
        yield f"cbor-{name}", encode(changed(tor(), change)), why
    other = urn("other", 10)
    for naming in ("handle", "urn"):
        manifest = renamed(naming)
        manifest["files"]["lib/libx.so"]["cap"] = other
        yield f"cbor-{naming}-of-another", encode(manifest), f"a need by the {naming} of other content"

    data = encode(least())
    capability = ERIS.binary(ERIS.parse(least()["files"]["bin/true"]["cap"]))
    yield "cbor-empty", b"", "nothing"
    yield "cbor-cut", data[:-1], "the last byte is missing"
    yield "cbor-more", data + b"\0", "a byte after it"
    yield "cbor-other-tag", head(6, 0x65726974) + data[5:], "the tag of ERIS-FS"
    yield "cbor-no-tag", data[5:], "no tag"
    yield "cbor-version-0", data[:6] + b"\x00" + data[7:], "version 0"
    yield "cbor-version-2", data[:6] + b"\x02" + data[7:], "version 2"
    yield "cbor-long-head", data[:5] + b"\x98\x02" + data[6:], "a head that is not the shortest"
    yield "cbor-indefinite", data[:7] + b"\xbf" + data[8:] + b"\xff", "a map of indefinite length"
    yield "cbor-text-capability", data.replace(cbor(capability), cbor("x" * 66)), "a text as capability"
    yield "cbor-bare-capability", data.replace(head(6, CAPABILITY_TAG), b""), "a capability without tag"
    yield "cbor-block-size", data.replace(capability, b"\x0b" + capability[1:]), "block size 0x0b"
    short = head(2, 65) + capability[1:]
    yield "cbor-short-capability", data.replace(cbor(capability), short), "a capability of 65 bytes"
    body = encode(least())[7:]
    yield "cbor-unsorted", data[:7] + swapped(body), "the first two fields swapped"
    yield "cbor-huge-map", data[:7] + head(5, 1 << 40), "a map of 2^40 entries, and then nothing"
    yield "cbor-not-utf-8", data.replace(b"riscv64", b"riscv\xff4"), "an architecture that is not UTF-8"


def swapped(body: bytes) -> bytes:
    """A map with its first two entries swapped."""
    reader = Reader(body)
    reader.take(1)
    ends = []
    for _ in range(2):
        reader.item()
        reader.item()
        ends.append(reader.position)
    return body[:1] + body[ends[0] : ends[1]] + body[1 : ends[0]] + body[ends[1] :]


def negative_json() -> Iterator[tuple[str, str, str]]:
    for name, change, why in changes():
        fields = json_fields(tor())
        change(fields)
        yield f"json-{name}", json_text(fields), why
    text = json_text(json_fields(tor()))
    fields = json_fields(tor())
    yield "json-empty", "", "nothing"
    yield "json-cut", text[:-3], "the end is missing"
    yield "json-more", text + "{}", "more after it"
    yield "json-array", "[]", "an array"
    yield "json-version-0", text.replace('"eris-manifest": 1', '"eris-manifest": 0'), "version 0"
    yield "json-version-2", text.replace('"eris-manifest": 1', '"eris-manifest": 2'), "version 2"
    yield "json-version-text", text.replace('"eris-manifest": 1', '"eris-manifest": "1"'), "as text"
    yield "json-no-version", text.replace('"eris-manifest"', '"manifest"'), "no version"
    yield "json-arch-twice", text.replace('"arch"', '"arch": "x", "arch"'), "a field twice"
    yield "json-file-twice", text.replace('"lib/geo.so": {', '"lib/libc.so.6": {'), "a path twice"
    yield "json-size-fraction", text.replace('"size": 321', '"size": 321.0'), "a size with a fraction"
    yield "json-size-huge", text.replace('"size": 321', '"size": 9223372036854775808'), "size 2^63"
    sh = fields["files"]["bin/sh"]
    other = fields["files"]["bin/tor"]["handle"]
    yield "json-handle", text.replace(sh["handle"], other), "the handle of another file"
    yield "json-lower-case-handle", text.replace(sh["handle"], sh["handle"].lower()), "in lower case"
    yield "json-capability", text.replace(sh["cap"], sh["cap"][:-1]), "a capability cut short"
    for name, change, why in (
        ("no-handle", lambda f: f.pop("handle"), "no handle"),
        ("no-closure", lambda f: f.pop("closure"), "no closure where something is needed"),
        ("closure-short", lambda f: f["closure"].pop(), "a closure that lacks one"),
        ("closure-long", lambda f: f["closure"].append("lib/libz.so.1"), "a closure with one more"),
        ("closure-order", lambda f: f["closure"].reverse(), "a closure in another order"),
        ("closure-text", lambda f: f.update(closure="lib/libc.so.6"), "a closure that is text"),
    ):
        yield f"json-{name}", json_text(changed(fields, on("bin/sh", change))), why

