"""Both sides of each of WeChat's limits on files, with the current and with the old limits."""

from __future__ import annotations

import pytest

from campaigns import library
from campaigns.mediafiles import FileTooBig, FormatNotTaken, TooLong
from campaigns.models import MediaAsset
from tests.campaigns.media import files
from tests.campaigns.media.files import MB
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db
KB = 1024


def sized_wav(size: int) -> bytes:
    """A WAV of so many bytes that is shorter than a minute."""
    return files.wav(1, rate=size - 44)


@pytest.mark.parametrize(
    ("limits", "content"),
    [
        ("current", files.picture(pad_to=10 * MB)),
        ("current", files.picture("PNG", pad_to=10 * MB)),
        ("current", sized_wav(2 * MB)),
        ("current", files.mp4(pad_to=10 * MB)),
        ("old", files.picture(pad_to=128 * KB)),
        ("old", sized_wav(5 * MB)),
        ("old", files.mp4(pad_to=1 * MB)),
    ],
)
def test_a_file_of_just_the_size_is_taken(account: OfficialAccount, limits: str, content: bytes) -> None:
    account.media_limits = limits

    assert library.store_bytes(account, content).asset.size == len(content)


@pytest.mark.parametrize(
    ("limits", "content"),
    [
        ("current", files.picture(pad_to=10 * MB + 1)),
        ("current", sized_wav(2 * MB + 1)),
        ("current", files.mp4(pad_to=10 * MB + 1)),
        ("old", files.picture(pad_to=128 * KB + 1)),
        ("old", sized_wav(5 * MB + 1)),
        ("old", files.mp4(pad_to=1 * MB + 1)),
    ],
)
def test_one_byte_more_is_refused(account: OfficialAccount, limits: str, content: bytes) -> None:
    account.media_limits = limits

    with pytest.raises(FileTooBig):
        library.store_bytes(account, content)
    assert not MediaAsset.objects.exists()


@pytest.mark.parametrize("make", [files.mp3, files.amr, files.wav, files.wma])
def test_a_voice_lasts_a_minute_and_no_longer(account: OfficialAccount, make) -> None:
    assert library.store_bytes(account, make(60)).asset.seconds == pytest.approx(60, abs=0.04)

    with pytest.raises(TooLong):
        library.store_bytes(account, make(60.06))


def test_two_hours_in_a_few_bytes_are_refused(account: OfficialAccount) -> None:
    with pytest.raises(TooLong) as raised:
        library.store_bytes(account, files.mp3_that_claims(7200))

    assert "2:" in str(raised.value.message)


@pytest.mark.parametrize("form", ["PNG", "GIF", "BMP"])
def test_old_limits_take_only_jpeg(account: OfficialAccount, form: str) -> None:
    assert library.store_bytes(account, files.picture(form)).is_new

    account.media_limits = "old"
    with pytest.raises(FormatNotTaken):
        library.store_bytes(account, files.picture(form, colour="blue"))


def test_a_picture_over_the_safe_size_is_taken_with_a_warning(account: OfficialAccount) -> None:
    assert library.store_bytes(account, files.picture(pad_to=2 * MB)).warnings == []

    [warning] = library.store_bytes(account, files.picture(pad_to=2 * MB + 1)).warnings
    assert "2 MB" in str(warning)


@pytest.mark.parametrize("limits", ["current", "old"])
def test_a_thumbnail_has_64_kilobytes_and_no_more(account: OfficialAccount, limits: str) -> None:
    account.media_limits = limits

    just = library.store_bytes(account, files.picture(pad_to=64 * KB), kind="thumb").asset
    made = library.store_bytes(account, files.picture(pad_to=64 * KB + 1), kind="thumb").asset

    assert (just.size, just.mime) == (64 * KB, "image/jpeg")
    assert made.size < 64 * KB
