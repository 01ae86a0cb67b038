"""The Chinese catalog: complete, compiled, and not longer than it has to be."""

import re
from gettext import GNUTranslations
from io import StringIO

import polib
import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.utils import translation

from wxcore import translations
from wxcore.translations import Message

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*[\d.]*[srdif]|\{\w*\}")


@pytest.fixture(scope="module")
def catalog() -> polib.POFile:
    return translations.load()


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.fixture
def other_project(settings, tmp_path):
    """Another project of one module, and a way to write its source and its catalog."""
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale"]
    translations.catalog_path().parent.mkdir(parents=True)
    (tmp_path / "wxcore").mkdir()

    def write(source: str, *entries: polib.POEntry) -> None:
        (tmp_path / "wxcore" / "words.py").write_text(source)
        po = polib.POFile()
        po.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=1; plural=0;"}
        po.extend(entries)
        po.save(str(translations.catalog_path()))

    return write


def test_every_entry_is_translated_and_certain(catalog):
    assert [entry.msgid for entry in catalog if entry.fuzzy or entry.obsolete or not all(texts(entry))] == []


def test_no_message_stands_twice(catalog):
    keys = [(entry.msgctxt, entry.msgid) for entry in catalog]

    assert sorted({msgid for context, msgid in keys if keys.count((context, msgid)) > 1}) == []


def test_translations_keep_the_placeholders(catalog):
    def differs(entry: polib.POEntry) -> bool:
        wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        return any(sorted(PLACEHOLDER.findall(text)) != wanted for text in texts(entry))

    assert [entry.msgid for entry in catalog if differs(entry)] == []


def test_strings_of_installed_packages_stand_after_our_own(catalog):
    vendored = [translations.is_vendored(entry) for entry in catalog]

    assert vendored == sorted(vendored)
    assert any(vendored)


def test_the_compiled_catalog_is_what_the_source_compiles_to(catalog):
    compiled = polib.mofile(str(translations.catalog_path().with_suffix(".mo")))

    assert {translations.key(entry): texts(entry) for entry in compiled} == {
        translations.key(entry): texts(entry) for entry in catalog
    }, "run `manage.py translations --compile`"


def test_the_english_catalog_only_renames_what_packages_say():
    path = translations.catalog_path().parents[2] / "en" / "LC_MESSAGES" / "django.po"
    english, compiled = polib.pofile(str(path)), polib.mofile(str(path.with_suffix(".mo")))

    assert {entry.msgid: entry.msgstr for entry in compiled} == {entry.msgid: entry.msgstr for entry in english}
    assert all(translations.is_vendored(entry) for entry in english)
    with translation.override("en"):
        assert str(Group._meta.verbose_name_plural) == "roles"


def test_every_marked_string_has_a_translation():
    missing = translations.compare().missing

    assert not missing, "no Chinese for:\n" + "\n".join(f"{m.text!r} ({', '.join(at)})" for m, at in missing.items())


def test_no_translation_is_left_of_a_string_nobody_marks():
    obsolete = translations.compare().obsolete

    assert not obsolete, "nobody uses:\n" + "\n".join(repr(message.text) for message in obsolete)


def test_python_strings_are_found_under_any_name_of_the_marker():
    source = """
from django.utils import translation
from django.utils.translation import gettext_lazy as _, ngettext, pgettext as p
from elsewhere import gettext

def speak(count, name):
    yield _("one " "sentence"), ngettext("%d tag", "%d tags", count), p("verb", "send")
    yield translation.gettext("by module")
    yield gettext("not Django's"), _(name), _(f"{name}")
"""

    assert set(translations.marked_in_python(source)) == {
        Message("one sentence"),
        Message("%d tag", plural="%d tags"),
        Message("send", context="verb"),
        Message("by module"),
    }


def test_template_strings_are_found_in_tags_and_filters():
    source = """{% load i18n %}<p title="{{ _('a filter') }}">{% translate "it's a (tag)" as title %}</p>
{% translate "May" context "month" %}
{% blocktranslate count n=n trimmed %}
    {{ n }} fan
{% plural %}
    {{ n }} fans
{% endblocktranslate %}
{# _("a comment") #}plain _("text")"""

    assert set(translations.marked_in_template(source)) == {
        Message("a filter"),
        Message("it's a (tag)"),
        Message("May", context="month"),
        Message("%(n)s fan", plural="%(n)s fans"),
    }


def test_a_plural_entry_serves_the_singular_alone(other_project):
    source = "from django.utils.translation import gettext, ngettext\ngettext('fan')\nngettext('fan', 'fans', 2)"
    other_project(source, polib.POEntry(msgid="fan", msgid_plural="fans", msgstr_plural={0: "粉丝"}))

    assert translations.compare() == ({}, [])


def test_the_command_is_content_with_a_complete_catalog(other_project):
    other_project("", polib.POEntry(msgid="Quote", msgstr="引用", comment="unfold"))
    out = StringIO()

    call_command("translations", stdout=out)

    assert "Every string is translated." in out.getvalue()


def test_the_command_compiles_without_gettext(other_project):
    other_project("", polib.POEntry(msgid="Quote", msgstr="引用", comment="unfold"))

    call_command("translations", "--compile", stdout=StringIO())

    with translations.catalog_path().with_suffix(".mo").open("rb") as compiled:
        assert GNUTranslations(compiled).gettext("Quote") == "引用"


def test_the_command_names_what_is_missing_and_what_is_obsolete(other_project):
    source = "from django.utils.translation import gettext\ngettext('Send now')"
    other_project(source, polib.POEntry(msgid="Nobody says this", msgstr="没人说"))
    out = StringIO()

    with pytest.raises(CommandError, match="1 missing, 1 obsolete"):
        call_command("translations", stdout=out)

    assert "missing  'Send now' (wxcore/words.py)" in out.getvalue()
    assert "obsolete 'Nobody says this'" in out.getvalue()


def test_strings_of_unfold_are_shown_in_chinese():
    with translation.override("zh-hans"):
        assert translation.gettext("Apply Filters") == "应用筛选"
