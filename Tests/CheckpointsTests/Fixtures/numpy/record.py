"""Writes the archives beside it: python record.py, with NumPy 2.4 and ml_dtypes 0.6.

Times and names are fixed, so the files come out the same wherever zlib does.
"""

import io
import pathlib
import zipfile

import ml_dtypes
import numpy as np

folder = pathlib.Path(__file__).parent
half = np.arange(12).reshape(2, 3, 2) / 2 - 1
numbers = {
    "f32": half.astype("<f4"),
    "f16": half.astype("<f2"),
    "f64": half.astype("<f8"),
    **{f"i{8 * size}": np.array([-3, 0, 7], f"<i{size}") for size in (1, 2, 4, 8)},
    **{f"u{8 * size}": np.array([3, 0, 250], f"<u{size}") for size in (1, 2, 4, 8)},
    "bool": np.array([True, False, True]),
    "scalar": np.float32(2.5),
    "empty": np.zeros((0, 3), "<f4"),
    "W_enc": np.arange(1024, dtype="<f4").reshape(32, 32) % 7 / 4,
}
np.savez(folder / "stored.npz", **numbers)
np.savez_compressed(folder / "deflated.npz", **numbers)
np.savez(folder / "fortran.npz", W_enc=half[0].astype("<f4").T)
np.savez(folder / "objects.npz", W_enc=np.array([{"a": 1}, None], dtype=object))
np.savez(folder / "big-endian.npz", W_enc=half[0].astype(">f4"))
np.savez(folder / "structured.npz", W_enc=np.zeros(2, [("a", "<f4"), ("b", "<i4")]))
np.savez(folder / "bfloat16.npz", W_enc=half[0].astype(ml_dtypes.bfloat16))
np.savez(folder / "text.npz", W_enc=np.array(["a", "bc"]))


class Pipe(io.RawIOBase):
    """A file that cannot go back, so that sizes and checksums follow the data."""

    def __init__(self):
        self.content = b""

    def writable(self):
        return True

    def write(self, data):
        self.content += bytes(data)
        return len(data)


for name, method in [("streamed", zipfile.ZIP_STORED), ("streamed-deflated", zipfile.ZIP_DEFLATED)]:
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:
        for member in ["f32", "W_enc"]:
            info = zipfile.ZipInfo(member + ".npy")
            info.compress_type = method
            with archive.open(info, "w", force_zip64=True) as file:
                np.lib.format.write_array(file, numbers[member])
    (folder / f"{name}.npz").write_bytes(pipe.content)
with open(folder / "version2.npy", "wb") as file:
    np.lib.format.write_array(file, half[0].astype("<f4"), version=(2, 0))
with open(folder / "version3.npy", "wb") as file:
    np.lib.format.write_array(file, half[0].astype("<f4"), version=(3, 0))
