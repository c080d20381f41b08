"""Images, whole and damaged."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures

from tacit.types import ImageKind, Unfit, open_image
from tacit.types.pictures import MAX_BYTES
from tests.types.table import same

IMAGE = ImageKind()
PIXELS = np.random.default_rng(0).integers(0, 255, (40, 60, 3), dtype=np.uint8)


def encoded(form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    Pictures.fromarray(PIXELS).save(out, form, **options)
    return out.getvalue()


def refusal(value: Any) -> str:
    with pytest.raises(Unfit) as caught:
        IMAGE.parse(value)
    return caught.value.reason


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims a large picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM"])
def test_bytes_of_an_image_file_stay_what_they_are(form: str) -> None:
    data = encoded(form)
    assert IMAGE.parse(data) == data
    assert IMAGE.parse(bytearray(data)) == data
    assert IMAGE.parse(memoryview(data)) == data
    assert open_image(data).size == (60, 40)


def test_a_path_becomes_the_bytes_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(encoded("PNG"))
    assert IMAGE.parse(path) == encoded("PNG")
    assert IMAGE.parse(str(path)) == encoded("PNG")
    assert IMAGE.parse({"bytes": None, "path": str(path)}) == encoded("PNG")
    assert IMAGE.parse({"bytes": encoded("PNG"), "path": None}) == encoded("PNG")


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (4, 5, 3), (4, 5, 4)])
def test_an_array_stays_what_it_is(shape: tuple[int, ...]) -> None:
    array = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    for given_ in (array, np.asfortranarray(array), array[::-1]):
        parsed = IMAGE.parse(given_)
        assert same(parsed, given_)
        assert same(IMAGE.from_json(json.loads(json.dumps(IMAGE.to_json(parsed)))), given_)
        assert same(IMAGE.from_arrow(IMAGE.to_arrow([parsed])), [given_])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK", "YCbCr", "F", "I", "HSV", "LAB"])
def test_a_picture_of_any_mode_becomes_a_png(mode: str) -> None:
    parsed = IMAGE.parse(Pictures.new(mode, (3, 2)))
    assert open_image(parsed).size == (3, 2)


def test_the_pixels_of_a_picture_are_kept() -> None:
    assert np.array_equal(np.asarray(open_image(IMAGE.parse(Pictures.fromarray(PIXELS)))), PIXELS)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP"])
def test_a_cut_file_is_damaged(form: str, tmp_path: Path) -> None:
    cut = encoded(form)[: len(encoded(form)) // 2]
    assert refusal(cut).startswith("is a damaged image file")
    (tmp_path / "cut").write_bytes(cut)
    assert refusal(tmp_path / "cut").startswith("is a damaged image file")
    with Pictures.open(tmp_path / "cut") as lazy:
        assert refusal(lazy).startswith("is a damaged image")


@pytest.mark.parametrize(("width", "height"), [(10_000, 6_000), (60_000_000, 1), (20_000, 20_000), (2**31 - 1, 2**31 - 1)])
def test_a_small_file_that_claims_many_pixels_is_refused(width: int, height: int) -> None:
    assert "megapixels" in refusal(bomb(width, height))


def test_large_arrays_and_pictures_are_refused() -> None:
    assert refusal(np.broadcast_to(np.uint8(0), (10_000, 6_000))) == "has 60 megapixels; at most 50 are decoded"
    assert refusal(Pictures.new("1", (10_000, 6_000))) == "has 60 megapixels; at most 50 are decoded"


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    assert refusal(bytes(MAX_BYTES + 1)) == "has 100,000,001 bytes; at most 100,000,000 are read"
    with open(tmp_path / "large", "wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert refusal(tmp_path / "large").startswith("is a file of 100,000,001 bytes; from 1 to 100,000,000 are read: ")


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (
            np.zeros((4, 5, 2), np.uint8),
            "is an array of shape (4x5x2); an image is (height, width) or (height, width, 1, 3 or 4)",
        ),
        (np.zeros(4, np.uint8), "is an array of shape (4); an image is (height, width) or (height, width, 1, 3 or 4)"),
        (np.zeros((0, 5), np.uint8), "is an array of shape (0x5); an image is (height, width) or (height, width, 1, 3 or 4)"),
        (np.zeros((4, 5)), "is an array of float64; an image is uint8, 0 to 255"),
        (np.zeros((4, 5), bool), "is an array of bool; an image is uint8, 0 to 255"),
    ],
)
def test_an_array_of_another_shape_or_type_is_refused(array: np.ndarray, reason: str) -> None:
    assert refusal(array) == reason


@pytest.mark.parametrize("value", [None, b"", bytearray(), "", float("nan")])
def test_a_missing_image_is_missing(value: Any) -> None:
    assert "is missing" in refusal(value) or "no image" in refusal(value)


def test_a_path_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert refusal("no/such.png") == 'is "no/such.png", which cannot be read (No such file or directory)'
    assert "cannot be read" in refusal(tmp_path)
    assert "cannot be read" in refusal("a\0b")
    assert "cannot be read" in refusal("https://example.org/a.png")
    assert "cannot be read" in refusal("/dev/zero")
    (tmp_path / "empty").touch()
    assert refusal(tmp_path / "empty").endswith('/empty"')


@pytest.mark.parametrize("value", [7, [1], {"path": "x"}, {"bytes": 3, "path": "x"}, object()])
def test_other_values_are_no_images(value: Any) -> None:
    assert refusal(value).endswith("an image is a path, bytes, a PIL.Image or an array")


def test_formats_that_run_other_programs_are_not_opened() -> None:
    assert "no image file" in refusal(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n")


def test_an_array_file_that_lies_about_its_size_is_refused() -> None:
    out = io.BytesIO()
    np.lib.format.write_array_header_1_0(out, {"descr": "|u1", "fortran_order": False, "shape": (10**9, 10**9)})
    assert refusal(out.getvalue()).startswith("is not a readable array")


def test_an_array_file_of_objects_is_not_unpickled() -> None:
    out = io.BytesIO()
    np.save(out, np.array([{}], dtype=object), allow_pickle=True)
    assert refusal(out.getvalue()).startswith("is not a readable array")


def test_text_that_is_no_base64_is_refused() -> None:
    for data in ("not base64!", 7, None):
        with pytest.raises(Unfit, match="is not base64"):
            IMAGE.from_json(data)
    with pytest.raises(Unfit, match="is not a readable array"):
        IMAGE.from_json(base64.b64encode(b"\x93NUMPY").decode())


@settings(max_examples=150)
@given(st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM"]), st.data())
def test_a_file_with_damaged_bytes_is_taken_whole_or_refused(form: str, data: st.DataObject) -> None:
    file = bytearray(encoded(form))
    for _ in range(data.draw(st.integers(1, 8))):
        file[data.draw(st.integers(0, min(len(file), 400) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Unfit):  # any other exception fails the test
        assert IMAGE.parse(bytes(file)) == bytes(file)


def test_a_large_photo_can_be_decoded_coarsely() -> None:
    large = Pictures.fromarray(np.tile(PIXELS, (20, 20, 1)))
    out = io.BytesIO()
    large.save(out, "JPEG")
    assert max(open_image(out.getvalue(), size=100).size) < max(large.size) // 4
    assert open_image(out.getvalue()).size == large.size


@pytest.mark.parametrize(
    ("form", "cut"), [("JPEG", 0.6), ("JPEG", 0.98), ("PNG", 0.6), ("PNG", 0.98), ("WEBP", 0.6), ("TIFF", 0.9)]
)
def test_a_file_whose_header_is_fine_and_whose_end_is_missing_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, cut: float
) -> None:
    whole = encoded(form)
    (tmp_path / "roses").mkdir()
    (tmp_path / "roses" / "12.img").write_bytes(whole[: int(len(whole) * cut)])
    assert IMAGE.parse(whole) == whole
    monkeypatch.chdir(tmp_path)
    assert refusal(Path("roses/12.img")).startswith("is a damaged image file (")
    assert refusal("roses/12.img").endswith('): "roses/12.img"')
    assert refusal({"bytes": whole[: int(len(whole) * cut)], "path": "12.jpg"}).endswith('): "12.jpg"')
    deep = tmp_path / ("x" * 80)
    deep.mkdir()
    (deep / "12.img").write_bytes(whole[: int(len(whole) * cut)])
    assert refusal(deep / "12.img").endswith('xxx/12.img"')
