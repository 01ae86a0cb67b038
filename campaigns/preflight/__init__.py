"""Everything that can be known about a campaign before it goes out.

`local` asks nobody and is quick; `wechat` asks WeChat, `links` the sites that the message leads to; `timing` judges a
time for it.
"""

from campaigns.preflight.checks import local
from campaigns.preflight.findings import Finding, Level
from campaigns.preflight.fixes import NothingToFix, fix
from campaigns.preflight.outward import links, wechat
from campaigns.preflight.timing import timing

__all__ = ["Finding", "Level", "NothingToFix", "fix", "links", "local", "timing", "wechat"]
