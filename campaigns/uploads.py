"""A list of openids as people have it: pasted, or a file that a spreadsheet saved."""

from __future__ import annotations

import csv
import io

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from wxcore.errors import OperatorError

# A million openids of 28 letters, each on its own line.
LARGEST_FILE = 32 * 1024 * 1024
SPREADSHEET = b"PK\x03\x04"  # .xlsx is a zip file
HEADING = "openid"
UTF16 = (b"\xff\xfe", b"\xfe\xff")


class FileTooLarge(OperatorError):
    code = "file_too_large"
    message = _("The file is larger than %(limit)d MB.")
    fix = _("Send to a tag instead, or split the list into several campaigns.")


class NotText(OperatorError):
    code = "not_text"
    message = _("This file is no text.")
    fix = _("In the spreadsheet choose “Save as” and the type CSV, then upload that file.")


def read(upload: UploadedFile) -> str:
    """This will be the text of an uploaded TXT or CSV file, whichever program wrote it.

    Raises FileTooLarge, NotText.
    """
    if (upload.size or 0) > LARGEST_FILE:
        raise FileTooLarge(limit=LARGEST_FILE // 1024 // 1024)
    data: bytes = upload.read()
    if data.startswith(SPREADSHEET):
        raise NotText
    return _openid_column(_decode(data))


def _decode(data: bytes) -> str:
    if data.startswith(UTF16):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise NotText
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel in China writes as plain "CSV".
        return data.decode("gb18030", "replace")


def _openid_column(text: str) -> str:
    """This will be the column under the heading "OpenID" of a table, and the whole text of anything else."""
    heading = text.partition("\n")[0]
    delimiter = next((sign for sign in "\t;," if sign in heading), ",")
    names = [name.strip().lower() for name in next(csv.reader([heading], delimiter=delimiter), [])]
    if HEADING not in names:
        return text
    position = names.index(HEADING)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    return "\n".join(row[position] for row in rows if len(row) > position)
