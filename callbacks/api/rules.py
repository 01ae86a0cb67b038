"""Reply rules in the API, and the test of what they would answer."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from callbacks import rules, rulewarnings, trials
from callbacks.models import ReplyRule
from campaigns.models import MediaAsset
from wxcore import rights
from wxcore.api import ERRORS, EditableRows, RowField
from wxcore.api.examples import example
from wxcore.models import OfficialAccount
from wxcore.pagination import NewestFirst

LONGEST_WORDS = 20_000


class InOrder(NewestFirst):
    """Account by account, in the order in which the rules are asked."""

    ordering = ("account_id", "position", "id")


class ReplyCardSerializer(serializers.Serializer):
    """One article card."""

    title = serializers.CharField(max_length=64)
    description = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    picture = serializers.CharField(
        max_length=1024, required=False, allow_blank=True, default="", help_text="Its address."
    )
    url = serializers.CharField(max_length=1024, help_text="The address that it opens.")


class RuleWarningSerializer(serializers.Serializer):
    """What a person should know of a rule, as the admin shows it."""

    code = serializers.ChoiceField(choices=list(rulewarnings.Code))
    message = serializers.CharField(help_text="In the reader's language.")
    words = serializers.ListField(
        child=serializers.CharField(), help_text="Which an earlier rule answers; empty for all of them."
    )
    by = serializers.IntegerField(allow_null=True, help_text="The rule that comes before.")


@example(
    "By keyword",
    account=1,
    name="营业时间",
    trigger="keyword",
    match="contains",
    words="营业时间\n几点开门",
    kind="text",
    text="每天 10:00–22:00",
)
class ReplyRuleSerializer(serializers.ModelSerializer):
    account = RowField(queryset=OfficialAccount.objects.all(), permission="callbacks.add_replyrule")
    asset = RowField(
        queryset=MediaAsset.objects.all(),
        permission="campaigns.view_mediaasset",
        required=False,
        allow_null=True,
        help_text="The picture, voice or video; for music its cover.",
    )
    words = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_WORDS,
        help_text="One keyword, scene or menu key a line; a scene rule without any fits every scene.",
    )
    name = serializers.CharField(required=False, allow_blank=True, max_length=100)
    articles = ReplyCardSerializer(many=True, required=False)
    warnings = serializers.SerializerMethodField(
        help_text="That it is broken, or that an earlier rule answers first; of an inactive rule only the first."
    )
    _warned: dict[int, list[rulewarnings.Warned]] | None = None

    class Meta:
        model = ReplyRule
        fields = [
            "id",
            "account",
            "name",
            "is_active",
            "position",
            "trigger",
            "match",
            "words",
            "from_time",
            "until_time",
            "kind",
            "text",
            "asset",
            "title",
            "description",
            "music_url",
            "hq_music_url",
            "articles",
            "kf_account",
            "warnings",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["id", "position", "created_at", "updated_at"]

    @extend_schema_field(RuleWarningSerializer(many=True))
    def get_warnings(self, rule: ReplyRule) -> Any:
        if self._warned is None:
            # Of a list all at once: what silences a rule may be any other of its account.
            rows = self.parent.instance if isinstance(self.parent, serializers.ListSerializer) else [rule]
            self._warned = rulewarnings.of(rows)
        return RuleWarningSerializer(self._warned.get(rule.pk, []), many=True).data

    def create(self, given: dict[str, Any]) -> ReplyRule:
        rule = ReplyRule(**given)
        rules.save(rule, by=self.context["request"].user)
        return rule

    def update(self, rule: ReplyRule, given: dict[str, Any]) -> ReplyRule:
        for name, value in given.items():
            setattr(rule, name, value)
        rules.save(rule)
        return rule


class ReplyOrderSerializer(serializers.Serializer):
    order = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        min_length=1,
        max_length=2 * rules.MOST_RULES,
        help_text="Ids of rules. They take the places that they have together in this order; others keep theirs.",
    )


class ReplySwitchSerializer(serializers.Serializer):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), min_length=1, max_length=500
    )
    on = serializers.BooleanField()


class ReplySwitchedSerializer(serializers.Serializer):
    changed = serializers.IntegerField()


class ReplyTestRequestSerializer(serializers.Serializer):
    account = RowField(queryset=OfficialAccount.objects.all(), permission="callbacks.view_replyrule")
    act = serializers.ChoiceField(choices=trials.Act, help_text="What the follower does.")
    word = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=2048, help_text="The text, the scene or the menu key."
    )
    at = serializers.TimeField(
        required=False, allow_null=True, default=None, help_text="On the account's clock; null is now."
    )


class ReplyTestStepSerializer(serializers.Serializer):
    rule = serializers.IntegerField(source="rule.row.pk")
    name = serializers.CharField(source="rule.row.name")
    verdict = serializers.ChoiceField(choices=[verdict.value for verdict in trials.Verdict])


class ReplyTestSerializer(serializers.Serializer):
    """What we would answer. `answer` holds the kind and the fields of the reply; `later` in it says that the file is
    not at WeChat yet and follows as a customer-service message."""

    rule = serializers.IntegerField(source="rule.row.pk", allow_null=True, default=None)
    answer = serializers.SerializerMethodField(help_text="Null: nothing.")
    cards_left_out = serializers.IntegerField(help_text="Article cards that WeChat would not show here.")
    steps = ReplyTestStepSerializer(
        many=True, help_text="Every rule that could have answered, in order, and what kept it."
    )

    def get_answer(self, trial: trials.Trial) -> dict[str, Any] | None:
        if trial.answer is None:
            return None
        return {name: value for name, value in trial.answer.as_json().items() if name != "rule"}


class ReplyRuleViewSet(EditableRows):
    """What an account answers by itself; the first rule that fits by `position` does."""

    queryset = ReplyRule.objects.select_related("account", "asset")
    serializer_class = ReplyRuleSerializer
    pagination_class = InOrder
    filterset_fields = ["account", "trigger", "kind", "is_active"]
    search_fields = ("name", "words", "text")
    verb_permissions = {
        "order": "callbacks.change_replyrule",
        "test": "callbacks.view_replyrule",
        "copy": "callbacks.add_replyrule",
        "switch": "callbacks.change_replyrule",
    }

    def perform_destroy(self, instance: ReplyRule) -> None:
        rules.delete(instance)

    @extend_schema(request=None, responses={201: ReplyRuleSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, pk: str | None = None) -> Response:
        """Copy a rule. The copy comes last and is not active."""
        copied = rules.duplicate(self.get_object(), by=request.user)
        return Response(self.get_serializer(copied).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReplyOrderSerializer, responses={204: None, **ERRORS})
    @action(detail=False, methods=["post"])
    def order(self, request: Request) -> Response:
        """Bring rules into another order."""
        own = rights.scoped(ReplyRule.objects.all(), request.user, "callbacks.change_replyrule")
        rules.move(own, self.asked(ReplyOrderSerializer).validated_data["order"])
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=ReplySwitchSerializer, responses={200: ReplySwitchedSerializer, **ERRORS})
    @action(detail=False, methods=["post"])
    def switch(self, request: Request) -> Response:
        """Make many rules active, or silent."""
        asked = self.asked(ReplySwitchSerializer).validated_data
        own = rights.scoped(ReplyRule.objects.filter(pk__in=asked["ids"]), request.user, "callbacks.change_replyrule")
        return Response(ReplySwitchedSerializer({"changed": rules.switch(own.order_by(), on=asked["on"])}).data)

    @extend_schema(request=ReplyTestRequestSerializer, responses={200: ReplyTestSerializer, **ERRORS})
    @action(detail=False, methods=["post"])
    def test(self, request: Request) -> Response:
        """Say what would be answered to something, and why no other rule does."""
        asked = self.asked(ReplyTestRequestSerializer).validated_data
        account, now = asked["account"], timezone.now()
        clock = asked["at"] or now.astimezone(account.zone).time()
        trial = trials.run(account, asked["act"], asked["word"], clock, now=now)
        return Response(ReplyTestSerializer(trial).data)


VIEWSETS = {"reply-rules": ReplyRuleViewSet}
