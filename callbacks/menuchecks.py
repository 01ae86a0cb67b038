"""What is wrong with a menu as a whole: its buttons, and what they name of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from callbacks import buttons as menu_buttons
from callbacks.buttons import Button, Problem, WrongButton
from callbacks.models import Menu, ReplyRule, Trigger
from campaigns.models import MediaAsset, MediaKind, Publication
from campaigns.states import PublicationStatus
from wxcore.errors import OperatorError

KINDS = (MediaKind.IMAGE, MediaKind.VOICE, MediaKind.VIDEO)
# More rules than a menu has keys are not looked through.
RULES = 500


class FileGone(WrongButton):
    code = "button_file_gone"
    message = _("The file is no longer in the library.")
    fix = _("Choose another one.")


class ArticleGone(WrongButton):
    code = "button_article_gone"
    message = _("The article is no longer published.")
    fix = _("Choose another one.")


class NoRule(WrongButton):
    code = "button_without_rule"
    message = _("No reply rule answers the key “%(key)s”: who taps the button gets no answer.")
    fix = _("Make a reply rule for it.")


class MenuUnfinished(OperatorError):
    """`problems` are what has to be put right; the first of them is told."""

    code = "menu_unfinished"
    message = _("The menu cannot be published yet. Button %(place)s: %(problem)s")
    about_all = _("The menu cannot be published yet. %(problem)s")

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        words = {"place": menu_buttons.place(first.path), "problem": first.error.message}
        fields = {_field(problem): str(problem.error.message) for problem in problems}
        super().__init__(self.message if first.path else self.about_all, first.error.fix, fields=fields, **words)
        self.problems = problems


def _field(problem: Problem) -> str:
    """As the API names it: "buttons[0].sub_button[1].url"."""
    where = ".sub_button".join(f"[{index}]" for index in problem.path)
    return f"buttons{where}" + (f".{problem.field}" if problem.field else "")


def problems(menu: Menu, buttons: Sequence[Button] | None = None) -> list[Problem]:
    """This will be everything that WeChat would refuse, and hints, in the order of the buttons."""
    tree = menu.buttons if buttons is None else buttons
    found = [*menu_buttons.problems(tree), *_gone(menu, tree), *_unanswered(menu, tree)]
    if menu.is_conditional:
        found += _domains(menu, tree)
    return sorted(found, key=lambda problem: problem.path)


def _gone(menu: Menu, tree: Sequence[Button]) -> Iterator[Problem]:
    files = set(assets(menu.account_id, tree).values_list("pk", flat=True))
    articles = set(publications(menu.account_id, tree).values_list("pk", flat=True))
    for path, leaf in menu_buttons.leaves(tree):
        if leaf.get("asset") and leaf["asset"] not in files:
            yield Problem(path, "asset", FileGone())
        if leaf.get("publication") and leaf["publication"] not in articles:
            yield Problem(path, "publication", ArticleGone())


def assets(account_id: int, tree: Sequence[Button]) -> QuerySet[MediaAsset]:
    """This will be the files of the library that the buttons name."""
    named = menu_buttons.ids(tree, "asset")
    return MediaAsset.objects.filter(account=account_id, pk__in=named, kind__in=KINDS)


def publications(account_id: int, tree: Sequence[Button]) -> QuerySet[Publication]:
    """This will be the published articles that the buttons name."""
    named = menu_buttons.ids(tree, "publication")
    return published(account_id).filter(pk__in=named)


def published(account_id: int) -> QuerySet[Publication]:
    """This will be what an account has published, newest first."""
    found = Publication.objects.filter(account=account_id, status=PublicationStatus.PUBLISHED)
    return found.exclude(article_id="").select_related("draft").order_by("-pk")


def _unanswered(menu: Menu, tree: Sequence[Button]) -> Iterator[Problem]:
    answered = rules(menu.account_id)
    for path, leaf in menu_buttons.leaves(tree):
        if leaf.get("type") in menu_buttons.ANSWERED and leaf.get("key") and leaf["key"] not in answered:
            yield Problem(path, "key", NoRule(key=leaf["key"]), hint=True)


def rules(account_id: int) -> dict[str, ReplyRule]:
    """This will be, by the key of a button, the active rule that answers it: the first in the rules' order."""
    found: dict[str, ReplyRule] = {}
    active = ReplyRule.objects.filter(account=account_id, is_active=True, trigger=Trigger.MENU)
    for rule in active.order_by("position", "pk")[:RULES]:
        for word in rule.words.splitlines():
            if word.strip():
                found.setdefault(word.strip(), rule)
    return found


def _domains(menu: Menu, tree: Sequence[Button]) -> Iterator[Problem]:
    others = Menu.objects.filter(account=menu.account_id, is_conditional=True).exclude(pk=menu.pk)
    live = [published for published in others.values_list("published", flat=True) if published]
    led_to = set().union(menu_buttons.domains(tree), *map(menu_buttons.domains, live))
    if len(led_to) > menu_buttons.DOMAINS:
        words = {"count": len(led_to), "domains": ", ".join(sorted(led_to)), "most": menu_buttons.DOMAINS}
        yield Problem((), "", menu_buttons.TooManyDomains(**words))
