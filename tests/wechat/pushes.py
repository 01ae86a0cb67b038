"""Pushes as WeChat sends them, for the tests that read them."""

from __future__ import annotations

HEAD = "<ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oU1]]></FromUserName>"
TIME = "<CreateTime>1711931950</CreateTime>"


def message(*fields: str, kind: str = "text") -> bytes:
    return f"<xml>{HEAD}{TIME}<MsgType><![CDATA[{kind}]]></MsgType>{''.join(fields)}</xml>".encode()


def event(name: str, *fields: str) -> bytes:
    return message(f"<Event><![CDATA[{name}]]></Event>", *fields, kind="event")


def finish(*fields: str, status: str = "send success") -> bytes:
    job = "<MsgID>3162228393</MsgID>"
    return event("MASSSENDJOBFINISH", job, f"<Status><![CDATA[{status}]]></Status>", *fields)


COUNTS = "<TotalCount>100</TotalCount><FilterCount>80</FilterCount><SentCount>75</SentCount><ErrorCount>5</ErrorCount>"
COPYRIGHT = """
<CopyrightCheckResult><Count>2</Count><ResultList>
  <item><ArticleIdx>1</ArticleIdx><UserDeclareState>0</UserDeclareState><AuditState>2</AuditState>
    <OriginalArticleUrl><![CDATA[http://mp.weixin.qq.com/s/original]]></OriginalArticleUrl>
    <OriginalArticleType>1</OriginalArticleType><CanReprint>1</CanReprint></item>
  <item><ArticleIdx>2</ArticleIdx><CanReprint>0</CanReprint></item>
</ResultList><CheckState>2</CheckState></CopyrightCheckResult>"""
ARTICLES = """
<ArticleUrlResult><Count>2</Count><ResultList>
  <item><ArticleIdx>1</ArticleIdx><ArticleUrl><![CDATA[http://mp.weixin.qq.com/s/one]]></ArticleUrl></item>
  <item><ArticleIdx>2</ArticleIdx><ArticleUrl>http://mp.weixin.qq.com/s/two</ArticleUrl></item>
</ResultList></ArticleUrlResult>"""
EMPTY_CONTAINERS = """
<CopyrightCheckResult><Count>0</Count><ResultList></ResultList><CheckState>0</CheckState></CopyrightCheckResult>
<ArticleUrlResult><Count>0</Count><ResultList><![CDATA[]]></ResultList></ArticleUrlResult>"""
