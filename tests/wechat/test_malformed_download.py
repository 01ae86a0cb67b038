"""Whatever a download's header says, it is a file, an object or one of our errors."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from wxcore.wechat.encoding import Download, read_file
from wxcore.wechat.errors import WeChatError

PIECES = st.sampled_from(
    ["attachment", ";", "filename", "*", "0", "1", "=", '"', "'", "''", "utf-8", "bogus", "%E6%B5", "%", "a/../b", "\\"]
)


@given(
    st.one_of(st.text(st.characters(max_codepoint=255)), st.lists(PIECES).map("".join)),
    st.text(max_size=20),
    st.binary(max_size=40),
)
@example("attachment; filename*=bogus''%ff", "", b"x")
@example("attachment; filename*0*=utf-8''%E6; filename*1*=%B5%B7", "", b"x")
@example("attachment; filename*x=1; filename*0=2", "", b"x")
def test_it_is_read_or_refused(disposition: str, content_type: str, body: bytes) -> None:
    try:
        found = read_file("/x", body, {"Content-Disposition": disposition, "Content-Type": content_type})
    except WeChatError:
        return
    if isinstance(found, Download):
        assert found.content == body
        assert not set("/\\\r\n\0") & set(found.filename)
    else:
        assert body.strip().startswith((b"{", b"\xef\xbb\xbf"))
