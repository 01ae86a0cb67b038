"""Menus in the API: edit, publish, fetch, compare, take down, versions."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from callbacks import buttons as menu_buttons
from callbacks import menuchecks, menus, menusync
from callbacks.buttons import Problem
from callbacks.models import Menu, MenuVersion
from followers.models import Tag
from wxcore.api import ERRORS, FAILURE, AccountRows, ExportedRows, FailureSerializer, RowField
from wxcore.api.examples import example
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount, Scope
from wxcore.permissions import demand_scope

ADD, CHANGE, PUBLISH = "callbacks.add_menu", "callbacks.change_menu", "callbacks.publish_menu"
SHAPE = (
    "As menu/create takes them: up to three `{type, name, ...}` or `{name, sub_button: [...]}`. A file of the library "
    "is `asset` in place of `media_id`, a publication `publication` in place of `article_id`."
)


class OtherAccountsTag(OperatorError):
    code = "other_accounts_tag"
    message = _("This tag belongs to another official account.")
    fix = _("Choose a tag of the menu's account.")


@extend_schema_field({"type": "array", "items": {"type": "object"}})
class ButtonsField(serializers.JSONField):
    """A list of buttons, checked by the service."""


class ProblemSerializer(serializers.Serializer):
    """Something that keeps from publishing, or a hint that does not."""

    place = serializers.SerializerMethodField(help_text="“2”, or “2-1” for the first button below the second.")
    field = serializers.CharField()
    code = serializers.CharField(source="error.code")
    message = serializers.CharField(source="error.message")
    fix = serializers.CharField(source="error.fix")
    hint = serializers.BooleanField()

    def get_place(self, problem: Problem) -> str:
        return menu_buttons.place(problem.path)


class MenuSerializer(FailureSerializer):
    buttons = ButtonsField(read_only=True, help_text=SHAPE)
    published = ButtonsField(read_only=True, allow_null=True, help_text="What we published last, in WeChat's words.")
    live = ButtonsField(read_only=True, allow_null=True, help_text="What WeChat said at `checked_at`.")
    is_unpublished = serializers.SerializerMethodField(
        help_text="Whether `buttons` are others than the last version's."
    )

    class Meta:
        model = Menu
        fields = [
            "id",
            "account",
            "tag",
            "is_conditional",
            "buttons",
            "version",
            "is_unpublished",
            "published",
            "published_at",
            "menu_id",
            "live",
            "checked_at",
            "differs",
            "updated_at",
            *FAILURE,
        ]
        read_only_fields = fields

    def get_is_unpublished(self, menu: Menu) -> bool:
        return menus.is_unpublished(menu)


@example(
    "Two buttons",
    account=1,
    buttons=[
        {"name": "今日优惠", "type": "click", "key": "today"},
        {"name": "商城", "type": "view", "url": "https://example.com/shop"},
    ],
)
class NewMenuSerializer(serializers.Serializer):
    account = RowField(queryset=OfficialAccount.objects.all(), permission=ADD)
    tag = RowField(
        queryset=Tag.objects.all(),
        permission=ADD,
        required=False,
        allow_null=True,
        default=None,
        help_text="Of a conditional menu; without it the menu is everybody's.",
    )
    buttons = ButtonsField(required=False, default=list, help_text=SHAPE)


class SeenVersionSerializer(serializers.Serializer):
    version = serializers.IntegerField(min_value=0, help_text="The menu's version that was looked at; 409 if another.")


class ButtonsSerializer(SeenVersionSerializer):
    buttons = ButtonsField(help_text=SHAPE)


class RollBackSerializer(SeenVersionSerializer):
    number = serializers.IntegerField(min_value=1, help_text="Of the version that is to stand in the editor.")


class MenuVersionSerializer(serializers.ModelSerializer):
    """What was published once."""

    buttons = ButtonsField(read_only=True)

    class Meta:
        model = MenuVersion
        fields = ["id", "number", "buttons", "published_at", "published_by"]
        read_only_fields = fields


class NoteSerializer(serializers.Serializer):
    place = serializers.SerializerMethodField()
    text = serializers.CharField()

    def get_place(self, note: Any) -> str:
        return menu_buttons.place(note.path)


class FetchedSerializer(serializers.Serializer):
    """`notes` are for a person to finish."""

    menu = MenuSerializer()
    notes = NoteSerializer(many=True)
    added = serializers.IntegerField(help_text="Menus for tags that were not here before.")


class ComparedSerializer(serializers.Serializer):
    menu = MenuSerializer()
    strangers = serializers.IntegerField(help_text="WeChat's menus for a tag that are not here; fetch brings them.")


class MenuViewSet(
    ExportedRows,
    AccountRows,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    """The menus under the chat."""

    queryset = menus.with_newest(Menu.objects.select_related("account", "tag"))
    serializer_class = MenuSerializer
    filterset_fields = ["account", "tag", "is_conditional", "differs"]
    verb_permissions = {
        "publish": PUBLISH,
        "take_down": PUBLISH,
        "fetch": CHANGE,
        "roll_back": CHANGE,
        "compare": CHANGE,
    }

    @extend_schema(request=NewMenuSerializer, responses={201: MenuSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Make a menu: one for everybody, and one for each tag. 409 if there is one."""
        given = self.asked(NewMenuSerializer).validated_data
        if given["tag"] is not None and given["tag"].account_id != given["account"].pk:
            raise OtherAccountsTag(fields={"tag": "other account"})
        menu = menus.create(given["account"], tag=given["tag"], buttons=given["buttons"])
        return Response(self.get_serializer(menu).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ButtonsSerializer, responses={200: MenuSerializer, **ERRORS})
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Save the buttons, finished or not."""
        menu = self.get_object()
        given = self.asked(ButtonsSerializer).validated_data
        menus.save(menu, given["buttons"], seen_version=given["version"])
        return self._told()

    @extend_schema(responses={204: None, **ERRORS})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete a menu here, and at WeChat if followers see it, which needs `callbacks.publish_menu`."""
        menu = self.get_object()
        is_live = menu.published is not None or bool(menu.menu_id)
        if is_live and not request.user.has_perm(PUBLISH, menu):
            raise PermissionDenied
        if is_live:
            demand_scope(request, Scope.SEND)
        menus.remove(menu, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={200: ProblemSerializer(many=True), **ERRORS}, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def problems(self, request: Request, pk: str | None = None) -> Response:
        """What keeps the menu from being published, and hints."""
        return Response(ProblemSerializer(menuchecks.problems(self.get_object()), many=True).data)

    @extend_schema(request=SeenVersionSerializer, responses={200: MenuSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str | None = None) -> Response:
        """Make the menu what followers see."""
        menu = self.get_object()
        seen = self.asked(SeenVersionSerializer).validated_data["version"]
        menus.publish(menu, by=request.user, now=timezone.now(), seen_version=seen)
        return self._told()

    @extend_schema(request=SeenVersionSerializer, responses={200: FetchedSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def fetch(self, request: Request, pk: str | None = None) -> Response:
        """Put WeChat's menu in the place of ours."""
        menu = self.get_object()
        seen = self.asked(SeenVersionSerializer).validated_data["version"]
        fetched = menusync.fetch(menu, by_id=request.user.pk, now=timezone.now(), seen_version=seen)
        told = {"menu": self.get_object(), "notes": fetched.notes, "added": fetched.added}
        return Response(FetchedSerializer(told, context=self.get_serializer_context()).data)

    @extend_schema(request=None, responses={200: ComparedSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def compare(self, request: Request, pk: str | None = None) -> Response:
        """Ask WeChat what followers see, and hold it against what we published."""
        strangers = menusync.compare(self.get_object(), now=timezone.now())
        told = {"menu": self.get_object(), "strangers": strangers}
        return Response(ComparedSerializer(told, context=self.get_serializer_context()).data)

    @extend_schema(request=None, responses={200: MenuSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def take_down(self, request: Request, pk: str | None = None) -> Response:
        """Delete the menu at WeChat; ours stays. With the one for everybody all conditional ones go."""
        menus.take_down(self.get_object(), now=timezone.now())
        return self._told()

    @extend_schema(responses={200: MenuVersionSerializer(many=True), **ERRORS}, filters=False)
    @action(detail=True, methods=["get"])
    def versions(self, request: Request, pk: str | None = None) -> Response:
        """What was published when, newest first."""
        found = self.paginate_queryset(self.get_object().versions.order_by("-id"))
        return self.get_paginated_response(MenuVersionSerializer(found, many=True).data)

    @extend_schema(request=RollBackSerializer, responses={200: MenuSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def roll_back(self, request: Request, pk: str | None = None) -> Response:
        """Put a version into the editor again; nothing is published."""
        menu = self.get_object()
        given = self.asked(RollBackSerializer).validated_data
        version = menu.versions.filter(number=given["number"]).first()
        if version is None:
            raise serializers.ValidationError({"number": ["no such version"]})
        menus.roll_back(menu, version, seen_version=given["version"])
        return self._told()

    def _told(self) -> Response:
        """This will be the menu as it is then."""
        return Response(self.get_serializer(self.get_object()).data)


VIEWSETS = {"menus": MenuViewSet}
