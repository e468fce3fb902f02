"""Files as other programs write them, for the tests beside this folder.

    pip install numpy==2.4.6 pillow pyarrow
    python3 record.py

Picture i of every file is 8 x 8 of one colour, (20 * i, 100, 255 - 20 * i), of class i % 3, for i from 0 to 9.
"""
import io
import json
import tarfile
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

COUNT = 10


def picture(i):
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (20 * i, 100, 255 - 20 * i)).save(buffer, "PNG")
    return buffer.getvalue()


def stylegan_zip():
    """The layout of NVlabs/stylegan2-ada-pytorch's dataset_tool.py: stored files in folders, labels in dataset.json."""
    with zipfile.ZipFile("stylegan.zip", "w", zipfile.ZIP_STORED) as archive:
        labels = []
        for i in range(COUNT):
            name = f"{i // 5:05d}/img{i:08d}.png"
            archive.writestr(name, picture(i))
            labels.append([name, i % 3])
        archive.writestr("dataset.json", json.dumps({"labels": labels}))


def deflated_zip():
    """A folder for each class, as people pack them, with what macOS adds."""
    with zipfile.ZipFile("folders.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(COUNT):
            archive.writestr(f"{'abc'[i % 3]}/{i}.png", picture(i))
        archive.writestr("__MACOSX/a/._0.png", b"\0\5\x16\7")
        archive.writestr("notes.doc", b"no picture")


def webdataset_tar(path, form, prefix, begin, end):
    with tarfile.open(path, "w", format=form) as archive:
        for i in range(begin, end):
            for extension, content in (("cls", str(i % 3).encode()), ("png", picture(i)), ("json", b"{}")):
                entry = tarfile.TarInfo(f"{prefix}{i:06d}.{extension}")
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))


def parquet(path, compression):
    """What `datasets.Dataset.to_parquet` writes: a struct of bytes and path, and the features as JSON."""
    images = [{"bytes": picture(i), "path": f"{i}.png"} for i in range(COUNT)]
    features = {
        "image": {"_type": "Image"},
        "label": {"names": ["cat", "dog", "fish"], "_type": "ClassLabel"},
    }
    table = pa.table(
        {
            "image": pa.array(images, pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
            "label": pa.array([i % 3 for i in range(COUNT)], pa.int64()),
        }
    ).replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    pq.write_table(table, path, compression=compression, row_group_size=4)


def table_parquet():
    pq.write_table(
        pa.table(
            {
                "age": pa.array([20, 30, None, 50], pa.int32()),
                "pay": [1.5, 2.25, 3.0, 4.0],
                "town": ["Bern", "Lima", "Bern", "Rome"],
                "member": [True, False, True, True],
                "when": pa.array([0, 1, 2, 3], pa.timestamp("ms")),
            }
        ),
        "table.parquet",
    )


def arrays():
    values = np.arange(24)
    for name, array in {
        "uint8": values.astype("u1").reshape(2, 3, 4),
        "big-endian": values.astype(">u2").reshape(2, 3, 4),
        "fortran": np.asfortranarray(values.astype("<f8").reshape(2, 3, 4)),
        "float16": (values / 8 - 1).astype("f2").reshape(2, 3, 4),
        "int64": values.astype("i8").reshape(24),
        "bool": values % 2 == 1,
        "fortran-bytes": np.asfortranarray(values.astype("u1").reshape(2, 3, 4)),
        "scalar": np.float32(3.5),
    }.items():
        np.save(f"{name}.npy", array)
    np.save("objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    images = np.stack([np.full((8, 8), 20 * i, "u1") for i in range(COUNT)])
    np.savez_compressed("images.npz", x_train=images, y_train=(np.arange(COUNT) % 3 + 1).reshape(-1, 1))


if __name__ == "__main__":
    stylegan_zip()
    deflated_zip()
    webdataset_tar("webdataset-000000.tar", tarfile.USTAR_FORMAT, "", 0, 5)
    webdataset_tar("webdataset-000001.tar", tarfile.PAX_FORMAT, "", 5, COUNT)
    webdataset_tar("long-names-gnu.tar", tarfile.GNU_FORMAT, "a" * 90 + "/" + "b" * 90 + "/", 0, 2)
    webdataset_tar("long-names-pax.tar", tarfile.PAX_FORMAT, "é" * 90 + "/" + "b" * 90 + "/", 0, 2)
    for codec in ("snappy", "zstd", "none"):
        parquet(f"pictures-{codec}.parquet", codec)
    table_parquet()
    arrays()
