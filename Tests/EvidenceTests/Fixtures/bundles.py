"""Writes and reads bundles of feature evidence, from the format's description alone.

    python3 bundles.py write FOLDER     # `dict` and `list`, two bundles of the same features, as the tests have them
    python3 bundles.py read FOLDER      # what a bundle holds, as JSON: {"LAYER/INDEX": record}

Only the standard library is used, and nothing of circuit-tracer.
"""

import gzip
import json
import pathlib
import struct
import sys
import zlib


def example(tokens, activations, repeated=False):
    return {
        "tokens": tokens,
        "tokens_acts_list": activations,
        "train_token_ind": max(range(len(activations)), key=lambda place: activations[place]),
        "is_repeated_datapoint": repeated,
    }


def record(index, **members):
    return {"transcoder_id": "tiny/set", "index": index, **members}


# Layer 1 has no evidence; feature 0/1 has none either; 2/0 is as bare as a record can be; 2/3 has numbers that JSON does not.
FEATURES = {
    0: [
        record(
            0,
            examples_quantiles=[
                {
                    "quantile_name": "Top activations",
                    "examples": [
                        example(["<bos>", "The", " capital", " of", " Texas"], [0, 0.25, 0, 0, 8.0]),
                        example([" Dallas", ",", " Texas", "\n"], [3.5, 0, 6.25, 0.5], repeated=True),
                    ],
                },
                {"quantile_name": "Subsample interval 0", "examples": [example(["caf", "\\xc3", "\\xa9", " \"NaN\""], [0.125, 0, 0, 0])]},
            ],
            top_logits=[" Austin", " Texas"],
            bottom_logits=["é", "\u2028"],
            act_min=0.125,
            act_max=8.0,
            quantile_values=[0.125, 0.5, 1.0, 2.0, 8.0],
            histogram=[40, 12, 0, 3, 1],
            activation_frequency=0.0021,
        ),
        None,
        record(2, act_max=3, histogram=[1]),
    ],
    2: [{}, None, None, record(3, act_min=float("nan"), act_max=float("inf"), quantile_values=[float("nan"), 1.5], top_logits=["NaN"]), None],
}


def write(folder, as_list=False):
    folder.mkdir(parents=True, exist_ok=True)
    index = {}
    for layer, records in FEATURES.items():
        offsets, data = [0], b""
        for number, content in enumerate(records):
            if content is not None:
                text = json.dumps(content).encode()
                # Both kinds of compression are in the wild.
                packed = zlib.compress(text) if number % 2 == 0 else gzip.compress(text, mtime=0)
                data += struct.pack("<I", len(packed)) + packed
            offsets.append(len(data))
        (folder / f"layer_{layer}.bin").write_bytes(data)
        index[layer] = {"filename": f"layer_{layer}.bin", "offsets": offsets}
    if as_list:
        index = [index.get(layer) for layer in range(max(index) + 1)]
    (folder / "index.json.gz").write_bytes(gzip.compress(json.dumps(index).encode(), mtime=0))


def read(folder):
    index = json.loads(gzip.decompress((folder / "index.json.gz").read_bytes()))
    layers = index.items() if isinstance(index, dict) else enumerate(index)
    features = {}
    for layer, entry in layers:
        if entry is None:
            continue
        data = (folder / entry["filename"]).read_bytes()
        offsets = entry["offsets"]
        assert offsets[-1] == len(data), f"layer {layer}: {len(data) - offsets[-1]} bytes after the last record"
        for number, (start, end) in enumerate(zip(offsets, offsets[1:])):
            if start == end:
                continue
            (length,) = struct.unpack("<I", data[start : start + 4])
            assert start + 4 + length == end, f"{layer}/{number}: a record of another length than its offsets say"
            packed = data[start + 4 : end]
            text = gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else zlib.decompress(packed)
            features[f"{layer}/{number}"] = json.loads(text)
    return features


if __name__ == "__main__":
    command, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    if command == "write":
        write(folder / "dict")
        write(folder / "list", as_list=True)
    else:
        json.dump(read(folder), sys.stdout)
