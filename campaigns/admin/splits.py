"""A/B tests: the page that splits a draft, and the variants side by side."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from campaigns import readership, services
from campaigns.admin.words import LABELS, to_whom
from campaigns.models import Campaign, Door
from wxcore.admin.base import Admin
from wxcore.errors import OperatorError


class SplitForm(forms.Form):
    """How large the variants are."""

    shares = forms.CharField(
        label=gettext_lazy("Shares in per cent"),
        max_length=40,
        initial="50 50",
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy(
            "One number for each variant, for example “50 50” or “10 10 10”. What is left of 100 receives nothing."
        ),
    )

    def clean_shares(self) -> list[int]:
        words = self.cleaned_data["shares"].replace("%", " ").replace("，", " ").replace(",", " ").split()
        if not all(word.isdecimal() and len(word) <= len("100") for word in words):
            raise forms.ValidationError(str(services.WrongShares()), code="wrong_shares")
        return [int(word) for word in words]


class CampaignSplits(Admin):
    """The button “A/B test” and its page; part of the campaigns' admin."""

    @action(description=gettext_lazy("A/B test"), url_path="split", icon="call_split", permissions=["submit"])
    def split(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        form = SplitForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                services.split(campaign, shares=form.cleaned_data["shares"], by=request.user, door=Door.ADMIN)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(campaign))
            said = _("These are the variants. Open each and change what should differ.")
            return self.done(request, said, self.url_of(campaign), row=campaign)
        return self.confirm(
            request,
            title=_("Make an A/B test of this campaign?"),
            lead=_(
                "Each variant becomes a draft of its own and goes to a random share of the audience. Nobody gets two "
                "of them. They are reviewed and sent like every campaign, and compared on their pages."
            ),
            facts=[(_("campaign"), campaign.name), (_("audience"), to_whom(campaign))],
            form=form,
            button=_("Make the variants"),
            row=campaign,
            check=partial(services.check_split, campaign),
        )


def variants(campaign: Campaign) -> dict[str, Any]:
    """This will be the context of `campaigns/variants.html`: the variants of the campaign's A/B test. Two queries."""
    if campaign.split is None:
        return {}
    readers = readership.of_variants(campaign.split)
    found = Campaign.objects.filter(split=campaign.split_id).with_figures()
    rows = list(found.annotate(recipients=Sum("broadcasts__recipient_count")).order_by("variant"))
    for row in rows:
        row.label = LABELS[row.status]
        row.is_this = row.pk == campaign.pk
        row.read = readers.get(row.pk, {"reads": None, "shares": None})
        known = row.sent_count is not None and row.recipients
        row.delivered = round(100 * row.sent_count / row.recipients, 1) if known else None
    return {"variants": rows, "variants_read": bool(readers)}
