#!/bin/sh
# How fast is an export of pictures, against a copy of the same bytes?
#
#   benches/export.sh [SAMPLES [BYTES [FOLDER]]]
#
# Makes SAMPLES picture files (100,000) of BYTES bytes each (50,000) with captions in FOLDER (a new one in $TMPDIR),
# exports them as WebDataset with the binary named by CAPSCOPE (target/release/capscope), copies the same folder with
# `cp -r`, and prints both times and their ratio: 1.00 is as fast as the copy, 0.70 what is wanted at least. Both run
# three times in turn, and the best of each counts. `sync` before each run, so that nobody pays for another's writing;
# the copy is timed twice, without its bytes being on the disk and with (`cp`, `cp+sync`), since an export says that it
# is done only when its bytes are.
set -eu
samples=${1:-100000}
bytes=${2:-50000}
folder=${3:-$(mktemp -d "${TMPDIR:-/tmp}/capscope-bench.XXXXXX")}
program=${CAPSCOPE:-target/release/capscope}
mkdir -p "$folder"
export XDG_CACHE_HOME="$folder/cache" XDG_DATA_HOME="$folder/user"

if [ ! -e "$folder/data/metadata.jsonl" ]; then
    python3 - "$folder/data" "$samples" "$bytes" <<'PYTHON'
import json, os, random, sys

folder, samples, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.makedirs(folder)
dice = random.Random(7)
noise = dice.randbytes(1 << 20)
# The head of a JPEG, so that the bytes are known for a picture; nobody decodes them.
head = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
words = "a brown dog sits on the green grass beside an old red car under a tree".split()
with open(os.path.join(folder, "metadata.jsonl"), "w") as out:
    for number in range(samples):
        name = f"{number // 1000:03}/{number:08}.jpg"
        if number % 1000 == 0:
            os.makedirs(os.path.join(folder, f"{number // 1000:03}"))
        start = dice.randrange(len(noise) - 1)
        body = (noise[start:] + noise * (size // len(noise) + 1))[: max(0, size - len(head))]
        with open(os.path.join(folder, name), "wb") as picture:
            picture.write(head + body)
        caption = " ".join(dice.choices(words, k=20))
        out.write(json.dumps({"id": f"s{number:08}", "file_name": name, "caption": caption}) + "\n")
PYTHON
fi

seconds() { # of a command, as a decimal
    start=$(date +%s.%N)
    "$@" >&2
    end=$(date +%s.%N)
    echo "$start $end" | awk '{ printf "%.3f", $2 - $1 }'
}
copied() { cp -r "$folder/data" "$folder/copy"; }
copied_to_disk() { cp -r "$folder/data" "$folder/copy" && sync "$folder/copy"; sync; }
exported() { "$program" export "$folder/data" --quiet --format webdataset --to "$folder/out"; }

best_export=""; best_copy=""; best_disk=""
smaller() { echo "$1 $2" | awk '{ print (NF < 2 || $1 < $2) ? $1 : $2 }'; }
for run in 1 2 3; do
    rm -rf "$folder/out" "$folder/copy"; sync
    best_export=$(smaller "$(seconds exported)" "$best_export")
    rm -rf "$folder/out" "$folder/copy"; sync
    best_copy=$(smaller "$(seconds copied)" "$best_copy")
    rm -rf "$folder/out" "$folder/copy"; sync
    best_disk=$(smaller "$(seconds copied_to_disk)" "$best_disk")
done
rm -rf "$folder/copy" "$folder/out"
echo "$samples samples of $bytes bytes: export $best_export s, cp $best_copy s, cp+sync $best_disk s"
echo "$best_export $best_copy $best_disk" |
    awk '{ printf "ratio to cp %.2f, to cp+sync %.2f (0.70 is wanted)\n", $2 / $1, $3 / $1 }'
