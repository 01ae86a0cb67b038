"""The campaigns' part of the API: campaigns and broadcasts, drafts, the media library, figures."""

from campaigns.api import allowance, campaigns, comparison, drafts, imports, media, publications, recipients, results

VIEWSETS = {
    **campaigns.VIEWSETS,
    **drafts.VIEWSETS,
    **media.VIEWSETS,
    **imports.VIEWSETS,
    **publications.VIEWSETS,
    **results.VIEWSETS,
    **recipients.VIEWSETS,
    **allowance.VIEWSETS,
    **comparison.VIEWSETS,
}

__all__ = ["VIEWSETS"]
