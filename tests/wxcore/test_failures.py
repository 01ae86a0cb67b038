"""An expected failure speaks the reader's language, also years later from a row."""

from __future__ import annotations

from django.utils.translation import override

from campaigns.models import Campaign
from wxcore import failures
from wxcore.errors import OperatorError, by_language


class Broken(OperatorError):
    code = "broken"
    message = by_language(en="%(thing)s is broken", zh="%(thing)s坏了")
    fix = by_language(en="Mend it", zh="请修理")


def test_it_speaks_the_language_of_whoever_reads() -> None:
    error = Broken(thing="X")

    with override("en"):
        assert str(error) == "X is broken Mend it"
    with override("zh-hans"):
        assert str(error) == "X坏了 请修理"


def test_a_row_keeps_both_languages() -> None:
    with override("en"):
        row = Campaign(**failures.columns(Broken(thing="X")))

    with override("zh-hans"):
        assert (row.error_message, row.error_fix) == ("X坏了", "请修理")
    with override("en"):
        assert (row.error_message, row.error_fix) == ("X is broken", "Mend it")


def test_a_language_that_was_not_kept_reads_chinese() -> None:
    row = Campaign(**failures.columns(Broken(thing="X")))

    with override("fr"):
        assert row.error_message == "X坏了"


def test_nothing_clears_it() -> None:
    row = Campaign(**failures.columns(None))

    assert (row.error_code, row.error_message, row.error_fix) == ("", "", "")


def test_a_percent_sign_in_a_text_without_names_is_a_percent_sign() -> None:
    assert str(OperatorError("100%", "50% off")) == "100% 50% off"
