"""Drafts, their articles and their versions as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns import draft_preview, drafts
from campaigns.models import Draft, Revision
from wxcore.api import RowField
from wxcore.api.examples import example
from wxcore.models import OfficialAccount

BIGGEST_KEY = 2**63 - 1
LONGEST_BODY = 2_000_000


def _text(**options: Any) -> serializers.CharField:
    # How long they may be, `articles` says in our words.
    return serializers.CharField(required=False, allow_blank=True, trim_whitespace=False, default="", **options)


class ArticleSerializer(serializers.Serializer):
    """One article; what is missing is empty."""

    title = _text()
    author = _text()
    digest = _text(help_text="Empty: WeChat takes the beginning of the text.")
    body = _text(max_length=LONGEST_BODY, help_text="HTML; it is cleaned when it is saved.")
    source_url = _text(help_text="Where “read the original” leads.")
    cover = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=BIGGEST_KEY,
        source="cover_id",
        help_text="A picture of the account's library.",
    )
    need_open_comment = serializers.BooleanField(required=False, default=False)
    only_fans_can_comment = serializers.BooleanField(required=False, default=False)


def contents(articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """This will be what a request gave as `articles.Contents`."""
    return [{"cover" if name == "cover_id" else name: value for name, value in one.items()} for one in articles]


class ProblemOfArticleSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="Of the article, counted from 1.")
    field = serializers.CharField()
    code = serializers.CharField(source="error.code")
    message = serializers.CharField(source="error.message")
    fix = serializers.CharField(source="error.fix", allow_blank=True)


class DraftSummarySerializer(serializers.ModelSerializer):
    updated_by_name = serializers.CharField(source="updated_by.username", read_only=True, default="")

    class Meta:
        model = Draft
        fields = [
            "id",
            "account",
            "title",
            "version",
            "created_at",
            "created_by",
            "updated_at",
            "updated_by",
            "updated_by_name",
        ]
        read_only_fields = fields


@example(
    "One article",
    account=1,
    articles=[{"title": "秋冬新品到店", "author": "编辑部", "body": "<p>三个系列本周上架。</p>", "cover": 7}],
)
class DraftSerializer(DraftSummarySerializer):
    account = RowField(queryset=OfficialAccount.objects.all(), permission="campaigns.add_draft")
    articles = ArticleSerializer(many=True, required=False, help_text="1 to 8, in their order; one empty if absent.")
    automatic = serializers.BooleanField(
        write_only=True,
        required=False,
        default=False,
        help_text="An autosave: the next one within ten minutes replaces its version.",
    )
    problems = serializers.SerializerMethodField(help_text="What WeChat would refuse.")

    class Meta(DraftSummarySerializer.Meta):
        fields = [*DraftSummarySerializer.Meta.fields, "articles", "automatic", "problems"]
        read_only_fields = [name for name in DraftSummarySerializer.Meta.fields if name != "account"]

    @extend_schema_field(ProblemOfArticleSerializer(many=True))
    def get_problems(self, draft: Draft) -> Any:
        return ProblemOfArticleSerializer(drafts.problems(draft), many=True).data

    def validate_account(self, account: OfficialAccount) -> OfficialAccount:
        # Its covers and pictures belong to the account.
        return self.instance.account if self.instance else account

    def create(self, given: dict[str, Any]) -> Draft:
        articles = given.get("articles")
        by = self.context["request"].user
        return drafts.create(given["account"], by, None if articles is None else contents(articles))

    def update(self, draft: Draft, given: dict[str, Any]) -> Draft:
        if "articles" not in given:
            return draft
        # The view has compared If-Match and holds the row: this version is the one that was seen.
        return drafts.save(
            draft,
            contents(given["articles"]),
            seen_version=draft.version,
            by=self.context["request"].user,
            automatic=given.get("automatic", False),
        )


class VersionSummarySerializer(serializers.ModelSerializer):
    created_by_name = serializers.CharField(source="created_by.username", read_only=True, default="")

    class Meta:
        model = Revision
        fields = ["number", "automatic", "created_by", "created_by_name", "created_at"]
        read_only_fields = fields


class KeptArticleSerializer(ArticleSerializer):
    cover = serializers.IntegerField(allow_null=True)


class VersionSerializer(VersionSummarySerializer):
    articles = KeptArticleSerializer(many=True, read_only=True)

    class Meta(VersionSummarySerializer.Meta):
        fields = [*VersionSummarySerializer.Meta.fields, "articles"]
        read_only_fields = fields


class FieldChangeSerializer(serializers.Serializer):
    label = serializers.CharField(help_text="In the reader's language.")
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class BodyChangeSerializer(serializers.Serializer):
    """One block of text."""

    op = serializers.CharField(help_text="`equal`, `insert`, `delete` or `replace`.")
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class ArticleChangeSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)
    is_new = serializers.BooleanField()
    is_gone = serializers.BooleanField()
    is_only_formatting = serializers.BooleanField(help_text="The texts read the same and look different.")
    fields_changed = FieldChangeSerializer(source="fields", many=True)
    body = serializers.SerializerMethodField()

    @extend_schema_field(BodyChangeSerializer(many=True))
    def get_body(self, change: drafts.ArticleChange) -> list[dict[str, str]]:
        return [{"op": op, "before": before, "after": after} for op, before, after in change.body]


class ComparedDraftSerializer(serializers.Serializer):
    is_same = serializers.BooleanField()
    changes = ArticleChangeSerializer(many=True, help_text="Only the articles that differ.")


class ComparedWithWeChatSerializer(ComparedDraftSerializer):
    version = serializers.IntegerField(source="draft.version", help_text="Of ours; send both back to take theirs.")
    mark = serializers.CharField(help_text="Of theirs.")


class TakeSerializer(serializers.Serializer):
    version = serializers.IntegerField(min_value=0)
    mark = serializers.CharField(max_length=64)


class PushedSerializer(serializers.Serializer):
    media_id = serializers.CharField()
    uploaded_at = serializers.DateTimeField(allow_null=True)


class HtmlSerializer(serializers.Serializer):
    html = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=LONGEST_BODY)


class FindingOfBodySerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()
    fix = serializers.CharField(allow_blank=True)


class CleanedSerializer(serializers.Serializer):
    html = serializers.CharField(allow_blank=True, help_text="As a save would keep it.")
    length = serializers.IntegerField(help_text="In characters, as WeChat counts.")
    changed = serializers.BooleanField()
    problems = FindingOfBodySerializer(many=True, help_text="What WeChat would refuse of it.")


class BringSerializer(serializers.Serializer):
    url = serializers.CharField(max_length=20_000_000, help_text="Of a picture elsewhere, or a `data:` address.")


class BroughtSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.CharField(help_text="For `src`.")


class PhoneRequestSerializer(serializers.Serializer):
    articles = ArticleSerializer(many=True, required=False, help_text="Perhaps unsaved; without them the stored ones.")
    index = serializers.IntegerField(required=False, default=0, min_value=0, max_value=7)
    view = serializers.ChoiceField(choices=draft_preview.VIEWS, required=False, default="article")
    dark = serializers.BooleanField(required=False, default=False)


class PhoneSerializer(serializers.Serializer):
    html = serializers.CharField(help_text="A whole document, for a frame without scripts.")
    length = serializers.IntegerField()
    foreign = serializers.ListField(
        child=serializers.CharField(), help_text="Addresses of pictures that WeChat will not show: bring them over."
    )
