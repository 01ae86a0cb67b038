"""What a media file is, told from its content and never from its name; and whether WeChat takes it from an account."""

from __future__ import annotations

import io
import math
import re
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from pymediainfo import MediaInfo

from campaigns import limits
from campaigns.models import MediaKind
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

# Of one picture, and of all frames of an animation together: decoding more would stop the machine.
MAX_PIXELS = 50_000_000
MAX_ANIMATION_PIXELS = 400_000_000
# Pillow refuses more than twice this number wherever it meets a size; frames of a GIF may be larger than the picture.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
warnings.simplefilter("ignore", Image.DecompressionBombWarning)
PICTURES = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "GIF": ("image/gif", "gif"),
    "BMP": ("image/bmp", "bmp"),
}
# Bytes of an AMR frame after its first one, by the frame type in that one; the types between are reserved.
AMR_FRAMES = {0: 12, 1: 13, 2: 15, 3: 17, 4: 19, 5: 20, 6: 26, 7: 31, 8: 5, 15: 0}
ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
HEAD = 512
# What makes the parser of sound and video open other files and addresses: references of MP4, and indexes of it that
# are compressed and could hide some; every key of MXF, which it finds behind any beginning.
REFERENCES = re.compile(rb"alis|rsrc|url |urn |rmra|rdrf|cmov|cmvd|\x06\x0e\x2b\x34")
# What the decoders of pictures raise when the bytes are not what they promise.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError, struct.error)


class EmptyFile(OperatorError):
    code = "empty_file"
    message = _("The file is empty (0 bytes).")
    fix = _("Save or download it again, then upload it.")


class UnknownFormat(OperatorError):
    code = "unknown_format"
    message = _("WeChat does not take this file: it is %(format)s.")
    fix = _("Upload a picture (JPEG, PNG, GIF), a voice (MP3, AMR) or a video (MP4).")


class BrokenFile(OperatorError):
    code = "broken_file"
    message = _("The file is damaged or incomplete.")
    fix = _("Open it on your computer to see whether it is whole; then save it anew and upload that file.")


class TooManyPixels(OperatorError):
    code = "too_many_pixels"
    message = _("The picture has more than %(limit)d million pixels.")
    fix = _("Make it smaller, and upload that file.")


class FileTooBig(OperatorError):
    code = "file_too_big"
    message = _("The file has %(size)s; WeChat takes %(limit)s of this kind at most.")
    fix = _("Compress or shorten it, and upload that file.")


class TooLong(OperatorError):
    code = "too_long"
    message = _("The recording lasts %(seconds)s; WeChat takes %(limit)s at most.")
    fix = _("Cut it, and upload that file.")


class FormatNotTaken(OperatorError):
    code = "format_not_taken"
    message = _("WeChat does not take %(format)s files from this account.")
    fix = _("Save it as %(formats)s, and upload that file.")


AS_PICTURE = _("Save it as JPEG or PNG, and upload that file.")
AS_VOICE = _("Save it as MP3, and upload that file.")
AS_VIDEO = _("Save it as MP4 (H.264), and upload that file.")
# How files begin that people mistake for something WeChat takes: (position, bytes), what it is, what to do.
FOREIGN: tuple[tuple[int, bytes, str, str | None], ...] = (
    (8, b"WEBP", "WebP", AS_PICTURE),
    (4, b"ftyphei", "HEIC", AS_PICTURE),
    (4, b"ftyphev", "HEIC", AS_PICTURE),
    (4, b"ftypmif1", "HEIC", AS_PICTURE),
    (4, b"ftypmsf1", "HEIC", AS_PICTURE),
    (4, b"ftypavi", "AVIF", AS_PICTURE),
    (0, b"II*\0", "TIFF", AS_PICTURE),
    (0, b"MM\0*", "TIFF", AS_PICTURE),
    (0, b"8BPS", "Photoshop", AS_PICTURE),
    (0, b"\0\0\1\0", "ICO", AS_PICTURE),
    (4, b"ftypM4A", "M4A", AS_VOICE),
    (4, b"ftypM4B", "M4A", AS_VOICE),
    (0, b"#!AMR-WB", "AMR-WB", AS_VOICE),
    (0, b"OggS", "Ogg", AS_VOICE),
    (0, b"fLaC", "FLAC", AS_VOICE),
    (0, b"\xff\xf1", "AAC", AS_VOICE),
    (0, b"\xff\xf9", "AAC", AS_VOICE),
    (4, b"ftypqt", "QuickTime (MOV)", AS_VIDEO),
    (4, b"moov", "QuickTime (MOV)", AS_VIDEO),
    (8, b"AVI ", "AVI", AS_VIDEO),
    (0, b"FLV", "FLV", AS_VIDEO),
    (0, b"\x1aE\xdf\xa3", "MKV/WebM", AS_VIDEO),
    (0, b"%PDF", "PDF", None),
    (0, b"PK\x03\x04", "ZIP/Office", None),
)


@dataclass(frozen=True, slots=True)
class MediaFile:
    """What a file is: `size` in bytes, `width` and `height` in pixels as shown, `seconds` of sound or video."""

    kind: MediaKind
    mime: str
    extension: str
    size: int
    width: int | None = None
    height: int | None = None
    seconds: float | None = None


def inspect(file: IO[bytes]) -> MediaFile:
    """This will tell what a seekable file is, and whether it is whole. Nothing is believed that was not decoded.

    Raises EmptyFile, UnknownFormat, BrokenFile, TooManyPixels.
    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise EmptyFile
    # Nothing else reaches the parsers: some formats name other files, which a parser would open.
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM")):
        return _inspect_picture(file, size)
    for position, start, name, fix in FOREIGN:
        if head.startswith(start, position):
            raise UnknownFormat(None, fix, format=name)
    if head.startswith(b"#!AMR\n"):
        return MediaFile(MediaKind.VOICE, "audio/amr", "amr", size, seconds=_amr_seconds(file))
    if head.startswith(b"RIFF") and head.startswith(b"WAVE", 8):
        return _inspect_sound(file, size, "Wave", "audio/wav", "wav")
    if head.startswith(ASF_HEADER):
        _walk_asf(file, size)
        return _inspect_sound(file, size, "Windows Media", "audio/x-ms-wma", "wma")
    if head.startswith(b"ftyp", 4):
        return _inspect_video(file, size)
    if head.startswith(b"ID3") or (head[0] == 0xFF and len(head) > 1 and head[1] & 0xE6 == 0xE2):
        return _inspect_sound(file, size, "MPEG Audio", "audio/mpeg", "mp3")
    raise UnknownFormat(format=_guess(head))


def check(file: MediaFile, account: OfficialAccount) -> list[str]:
    """This will hold a file against WeChat's limits for the account, and be warnings of what it may still refuse.

    A limit that holds only for temporary or only for permanent material does not refuse it: it can be the other.
    Raises FormatNotTaken, FileTooBig, TooLong.
    """
    allowed = limits.MEDIA[account.media_limits][file.kind]
    formats = allowed.formats | allowed.permanent_formats
    if file.mime not in formats:
        raise FormatNotTaken(format=format_name(file.mime), formats=", ".join(sorted(map(format_name, formats))))
    most = max(allowed.max_bytes, allowed.permanent_max_bytes)
    if file.size > most:
        raise FileTooBig(size=show_size(file.size, up=True), limit=show_size(most))
    if allowed.max_seconds and file.seconds and file.seconds > allowed.max_seconds:
        raise TooLong(seconds=show_seconds(math.ceil(file.seconds)), limit=show_seconds(allowed.max_seconds))
    return list(_warnings(file))


def largest(account: OfficialAccount | None = None) -> int:
    """This will be the most bytes that any kind of file may have for the account, or for any account."""
    sets = limits.MEDIA.values() if account is None else [limits.MEDIA[account.media_limits]]
    return max(max(kind.max_bytes, kind.permanent_max_bytes) for kinds in sets for kind in kinds.values())


def show_size(size: int, *, up: bool = False) -> str:
    """This will be a number of bytes for people, rounded `up` where it must not look like the limit it exceeds."""
    unit, name = (1024 * 1024, "MB") if size >= 1024 * 1024 else (1024, "KB")
    tenths = -(-size * 10 // unit) if up else round(size * 10 / unit)
    if up and tenths % 10 == 0 and size % unit:
        tenths += 1
    return f"{tenths // 10}.{tenths % 10} {name}" if tenths % 10 else f"{tenths // 10} {name}"


def show_seconds(seconds: float) -> str:
    """This will be a duration for people: 0:07, 12:30, 1:02:00."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _warnings(file: MediaFile) -> Iterator[str]:
    if file.kind == MediaKind.IMAGE and file.size > limits.SAFE_IMAGE_BYTES:
        safe = show_size(limits.SAFE_IMAGE_BYTES)
        yield format_lazy(
            _("The picture has {size}. WeChat has refused pictures of more than {safe}."),
            size=show_size(file.size, up=True),
            safe=safe,
        )


def _inspect_picture(file: IO[bytes], size: int) -> MediaFile:
    try:
        file.seek(0)
        with Image.open(file, formats=tuple(PICTURES)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise TooManyPixels(limit=MAX_PIXELS // 1_000_000)
            # A JPEG of several pictures, as telephones write it, is shown as its first one.
            mime, extension = PICTURES["JPEG" if image.format == "MPO" else str(image.format)]
            _decode(image)
            image.seek(0)
            width, height = ImageOps.exif_transpose(image).size if extension == "jpg" else image.size
    except Image.DecompressionBombError:
        raise TooManyPixels(limit=MAX_PIXELS // 1_000_000) from None
    except BROKEN:
        raise BrokenFile from None
    return MediaFile(MediaKind.IMAGE, mime, extension, size, width, height)


def _decode(image: Image.Image) -> None:
    """This will decode the picture, all of its frames. Raises what is wrong with it."""
    image.load()
    if image.format != "GIF":
        return
    frame, decoded = 0, image.width * image.height
    while True:
        frame += 1
        try:
            image.seek(frame)
        except EOFError:
            return
        decoded += image.width * image.height
        if decoded > MAX_ANIMATION_PIXELS:
            raise TooManyPixels(limit=MAX_ANIMATION_PIXELS // 1_000_000)
        image.load()


def _inspect_sound(file: IO[bytes], size: int, form: str, mime: str, extension: str) -> MediaFile:
    general, tracks = _parse(file)
    if general.format != form or not any(track.track_type == "Audio" for track in tracks):
        raise BrokenFile
    if any(track.track_type == "Video" for track in tracks):
        raise UnknownFormat(None, AS_VIDEO, format="WMV")
    return MediaFile(MediaKind.VOICE, mime, extension, size, seconds=_seconds(general, tracks))


def _inspect_video(file: IO[bytes], size: int) -> MediaFile:
    general, tracks = _parse(file)
    videos = [track for track in tracks if track.track_type == "Video"]
    if general.format != "MPEG-4" or not (videos or tracks):
        raise BrokenFile
    if not videos:
        raise UnknownFormat(None, AS_VOICE, format="M4A")
    width, height = int(videos[0].width or 0) or None, int(videos[0].height or 0) or None
    return MediaFile(MediaKind.VIDEO, "video/mp4", "mp4", size, width, height, _seconds(general, tracks))


def _parse(file: IO[bytes]) -> tuple[Any, list[Any]]:
    file.seek(0)
    # "free" is a box that is skipped. In the middle of sound or pictures the parser does not look at these bytes.
    harmless = io.BytesIO(REFERENCES.sub(b"free", file.read()))
    # Always with the same parameters: the library keeps them for all threads together.
    general, *tracks = MediaInfo.parse(harmless).tracks
    if general.istruncated == "Yes":
        raise BrokenFile
    return general, tracks


def _seconds(general: Any, tracks: list[Any]) -> float:
    """The longest that anything in the file claims: a player that believes it would play that long."""
    millis = [float(track.duration) for track in (general, *tracks) if track.duration]
    if not millis:
        raise BrokenFile
    return round(max(millis) / 1000, 3)


def _amr_seconds(file: IO[bytes]) -> float:
    """AMR has no index: the frames, 20 ms each, are walked. The parser would not notice that the last one is cut."""
    file.seek(0)
    data = file.read()
    position, frames = len(b"#!AMR\n"), 0
    while position < len(data):
        length = AMR_FRAMES.get(data[position] >> 3 & 15)
        if length is None:
            raise BrokenFile
        position, frames = position + 1 + length, frames + 1
    if position != len(data) or not frames:
        raise BrokenFile
    return round(frames * 0.02, 2)


def _walk_asf(file: IO[bytes], size: int) -> None:
    """The parser does not notice a WMA file that ends early: the objects of the container must fill it."""
    position = 0
    while position < size:
        file.seek(position)
        header = file.read(24)
        length = struct.unpack("<Q", header[16:])[0] if len(header) == 24 else 0
        if length < 24:
            raise BrokenFile
        position += length
    if position != size:
        raise BrokenFile


def _guess(head: bytes) -> str:
    """What a file that fits nothing seems to be."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"<svg" in text:
        return "SVG"
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        return "HTML"
    if text.startswith(b"<?xml"):
        return "XML"
    if b"\0" not in head and _is_text(head):
        return str(_("a text file"))
    return str(_("of an unknown format"))


def _is_text(head: bytes) -> bool:
    try:
        head.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # a letter that the end of the sample cuts
    return True


def format_name(mime: str) -> str:
    """This will be a format as people call it: JPEG, MP3, WMA."""
    name = mime.rpartition("/")[2].removeprefix("x-ms-").upper()
    return "MP3" if mime == limits.MP3 else name
