"""Findings, of a pre-flight or about a time, in the API."""

from __future__ import annotations

from rest_framework import serializers

from campaigns import preflight


class FindingSerializer(serializers.Serializer):
    """One line of a pre-flight."""

    level = serializers.ChoiceField(choices=[level.value for level in preflight.Level])
    code = serializers.CharField(help_text="A stable word for programs.")
    subject = serializers.CharField(help_text="What was looked at.")
    message = serializers.CharField(help_text="What was found, in the reader's language.")
    fix = serializers.CharField(allow_blank=True, help_text="What to do.")
    wechat_code = serializers.IntegerField(allow_null=True, help_text="What WeChat would answer, where that is known.")
    action = serializers.CharField(
        allow_blank=True, help_text="What `/preflight/fix/` takes; empty where a person must."
    )
    url = serializers.CharField(allow_blank=True, help_text="The admin page on which it is changed.")
