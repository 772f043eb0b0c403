/** The shell script of a pack: unpacks once, then trains and goes on from the pack's own checkpoint. */

/** Needs only sh, cp, ln, mkdir and chmod on the other machine. */
export const TRAIN_SCRIPT = `#!/bin/sh
# Trains anypiano on this machine: sh train.sh [OPTIONS OF anypiano train]
# Goes on from the folder checkpoint beside this script; the model appears in trained.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
run=$here/run
mkdir -p "$run/lib" "$run/bin"

# Only the libraries that this system lacks, lest they shadow its driver's.
known=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true)
for library in "$here"/lib/*; do
  case $known in
    *"$(basename "$library")"*) ;;
    *) ln -sf "$library" "$run/lib/" ;;
  esac
done
export LD_LIBRARY_PATH="$run/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

node=$run/bin/node
if [ ! -x "$node" ]; then
  xz=$(command -v xz || true)
  if [ -z "$xz" ]; then
    cp "$here/xz" "$run/bin/xz"
    chmod +x "$run/bin/xz"
    xz=$run/bin/xz
  fi
  "$xz" -dc "$here/node.xz" > "$node.part"
  chmod +x "$node.part"
  mv "$node.part" "$node"
fi

dawn=$here/program/node_modules/webgpu/dist/linux-x64/dawn.node
if [ ! -f "$dawn" ]; then
  "$node" -e 'const { readFileSync, writeFileSync, renameSync } = require("node:fs");
    const [from, to] = process.argv.slice(1);
    writeFileSync(to + ".part", require("node:zlib").brotliDecompressSync(readFileSync(from)));
    renameSync(to + ".part", to);' "$here/dawn.node.br" "$dawn"
fi

# Containers often mount NVIDIA's driver without telling the Vulkan loader.
if [ -z "\${VK_DRIVER_FILES:-}" ]; then
  found=
  for folder in /etc/vulkan/icd.d /usr/share/vulkan/icd.d; do
    if ls "$folder"/nvidia*.json > /dev/null 2>&1; then found=yes; fi
  done
  for file in /usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json; do
    if [ -z "$found" ] && [ -f "$file" ]; then
      export VK_DRIVER_FILES="$file" VK_ICD_FILENAMES="$file"
    fi
  done
fi

anypiano=$here/program/cli/anypiano.js
if [ ! -f "$run/corpus.bin" ]; then
  "$node" "$anypiano" unpack "$here/corpus.pack" -o "$run/corpus.bin"
fi
exec "$node" "$anypiano" train --cache "$run/corpus.bin" --checkpoint "$here/checkpoint" \\
  --out "$here/trained/model.safetensors" "$@"
`;
