import io

import numpy as np
import pytest
from PIL import Image

from sluice_torch.data.decode import PAD, UnreadableImage, decode, fit


def encode(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def halves(width: int = 40, height: int = 20) -> Image.Image:
    """Left black, right white."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, width // 2 :] = 255
    return Image.fromarray(pixels)


def test_an_image_is_stretched_letterboxed_or_cropped_to_the_size() -> None:
    data = encode(halves())
    assert decode(data, (10, 10)).pixels[5, :, 0].tolist()[:3] == [0, 0, 0]
    boxed = decode(data, (20, 20), "letterbox").pixels
    assert boxed[0, 0].tolist() == [PAD] * 3
    assert boxed[10, 0].tolist() == [0, 0, 0]
    assert boxed[10, 19].tolist() == [255, 255, 255]
    cropped = decode(data, (20, 20), "crop").pixels
    assert cropped[0, 0].tolist() == [0, 0, 0]
    assert cropped[0, 19].tolist() == [255, 255, 255]


def test_the_geometry_is_that_of_the_engine() -> None:
    place = fit((300, 200), (128, 128), "letterbox")
    assert (place.left, place.top, place.width, place.height) == (0, 21, 128, 85)
    place = fit((200, 301), (64, 64), "crop")
    assert (place.left, place.top, place.width, place.height) == (0, -16, 64, 96)


def test_orientation_transparency_grey_and_depth_are_resolved() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    data = encode(halves(), "JPEG", exif=turned, quality=95)
    assert decode(data, (20, 40)).source == (20, 40)
    pixels = decode(data, (20, 40)).pixels
    assert pixels[2, 10, 0] < 20
    assert pixels[37, 10, 0] > 235
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert decode(encode(clear), (4, 4)).pixels.min() == 255
    assert decode(encode(Image.new("L", (8, 8), 70)), (4, 4)).pixels.tolist()[0][0] == [70, 70, 70]
    deep = Image.fromarray(np.full((8, 8), 70 * 257, np.uint16))
    assert decode(encode(deep), (4, 4)).pixels[0, 0].tolist() == [70, 70, 70]
    assert decode(encode(Image.new("CMYK", (8, 8)), "JPEG"), (4, 4)).pixels.shape == (4, 4, 3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF"])
def test_all_formats_of_the_engine_are_read(kind: str) -> None:
    assert decode(encode(halves(), kind), (20, 10)).source == (40, 20)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no JPEG, PNG, WebP, GIF or TIFF"),
        (b"not a picture", "no JPEG, PNG, WebP, GIF or TIFF"),
        (encode(halves(400, 200), "JPEG")[:900], "truncated"),
        (encode(halves(400, 200))[:200], "cannot be read"),
        (encode(Image.new("1", (9_000, 8_000))), "the limit is 64000000 pixels"),
    ],
)
def test_damaged_and_huge_images_are_unreadable(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableImage, match=reason):
        decode(data, (10, 10))
