# What a manifest says of a program, as the `lib.getEris` of Sigil OS told it:
#
#   inherit (import ./getEris.nix) getEris getEris';
#   getEris "bin" ./tor.json             # the one file in bin/
#   getEris' "bin" tor "tor-resolve"     # bin/tor-resolve
#
# gives { cap, closure, path }: the URN of the file's content, the URNs of all that it needs by their
# paths, and its own path. The package is a manifest (a path to JSON, ours or the historic form), or a
# set as derivations are, with nix-support/eris-manifest.json in its output. Reading one there makes
# Nix build it while it evaluates.
let
  inherit (builtins)
    attrNames concatStringsSep filter fromJSON head isAttrs length listToAttrs readFile
    stringLength substring;

  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;

  # Where the files of a package are, and its manifest.
  locate = output: package:
    if isAttrs package then
      let root = toString (package.${output} or package.out or package.outPath);
      in { prefix = "${root}/"; manifest = "${root}/nix-support/eris-manifest.json"; }
    else
      { prefix = "/"; manifest = package; };

  # The historic form of a manifest in either: { path = { cap, closure }; }
  historic = prefix: manifest:
    if !(manifest ? eris-manifest) then manifest
    else if manifest.eris-manifest != 1 then
      throw "eris-manifest ${toString manifest.eris-manifest}, want 1"
    else
      let
        absolute = path: prefix + path;
        capOf = path: manifest.files.${path}.cap;
        pairOf = path: { name = absolute path; value = capOf path; };
        programOf = path: {
          name = absolute path;
          value = {
            cap = capOf path;
            closure = listToAttrs (map pairOf (manifest.files.${path}.closure or [ ]));
          };
        };
      in listToAttrs (map programOf (attrNames manifest.files));

  select = output: package: wanted: matches:
    let
      place = locate output package;
      programs = historic place.prefix (fromJSON (readFile place.manifest));
      found = filter (path: matches (withinPackage place.prefix path)) (attrNames programs);
      path = head found;
    in
      if found == [ ] then throw "no match for ${wanted}"
      else if length found > 1 then
        throw "${toString (length found)} matches for ${wanted}: ${concatStringsSep ", " found}"
      else { inherit (programs.${path}) cap closure; inherit path; };

  # A path without the place of its package, which may be anywhere in the historic form.
  withinPackage = prefix: path:
    let nix = builtins.match "/nix/store/[^/]+/(.*)" path;
    in
      if prefix != "/" && hasPrefix prefix path
      then substring (stringLength prefix) (stringLength path) path
      else if nix != null then head nix
      else if hasPrefix "/" path then substring 1 (stringLength path) path
      else path;
in
{
  getEris = output: package:
    select output package "${output}/" (hasPrefix "${output}/");

  getEris' = output: package: file:
    select output package "${output}/${file}" (path: path == "${output}/${file}");
}
