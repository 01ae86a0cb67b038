"""What makes an article look as it does survives, from whatever it is pasted."""

from __future__ import annotations

import pytest

from campaigns import bodies

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><title>x</title>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]-->
<style><!-- @font-face{font-family:等线;panose-1:2 1 6}
 p.MsoNormal, li.MsoNormal{mso-style-unhide:no;margin:0cm;font-size:10.5pt;font-family:"等线"} @page{size:595pt}
--></style></head><body lang=ZH-CN><!--StartFragment-->
<p class=MsoNormal style='mso-margin-top-alt:auto;text-align:center'><b><span lang=EN-US
style='color:red;mso-fareast-font-family:宋体'>New<o:p></o:p></span></b></p><![if !supportLists]>·<![endif]>
<!--EndFragment--></body></html>"""


def test_word_keeps_its_formatting_and_loses_its_junk() -> None:
    cleaned = bodies.clean(WORD).strip()

    assert cleaned == (
        "<p style=\"margin:0cm;font-size:10.5pt;font-family:'等线';text-align:center\"><b>"
        '<span style="color:red">New</span></b></p>·'
    )


def test_another_accounts_article_keeps_sections_styles_and_pictures() -> None:
    pasted = (
        '<section data-role="paragraph" class="_135editor" style="margin: 0px auto; box-sizing: border-box;">'
        '<img class="rich_pages wxw-img" '
        'data-src="https://mmbiz.qpic.cn/a/640?wx_fmt=png&amp;x=1" src="data:image/gif;base64,iVBORw0KGgo="'
        ' data-ratio="0.5" data-w="1080" style="visibility: visible !important;">'
        "</section>"
    )

    assert bodies.clean(pasted) == (
        '<section style="margin:0px auto;box-sizing:border-box"><img class="rich_pages wxw-img" '
        'src="https://mmbiz.qpic.cn/a/640?wx_fmt=png&amp;x=1" data-ratio="0.5" data-w="1080"></section>'
    )


@pytest.mark.parametrize(
    "html",
    [
        "<h2>a</h2><p><strong>b</strong><em>c</em><u>d</u><s>e</s></p>",
        "<p><sub>f</sub><sup>g</sup></p>",
        "<hr><blockquote>h</blockquote>",
        "<ul><li>a<ol><li>b</li></ol></li></ul>",
        '<table style="width:100%"><tbody><tr><td colspan="2" style="border:0">a</td></tr></tbody></table>',
        "<pre><code>a\n  b</code></pre>",
        '<p style="background:linear-gradient(90deg, rgba(1,2,3,.5) 0%, #fff 100%);transform:rotate(3deg)">a</p>',
        "<p style=\"font-family:'PingFang SC', 宋体;line-height:1.75em;margin:0 auto!important\">a</p>",
        '<section style="background-image:url(https://mmbiz.qpic.cn/a)">a</section>',
        '<p><a href="https://mp.weixin.qq.com/s/x">a</a></p>',
        '<p><a data-miniprogram-appid="wx1" data-miniprogram-path="p/i" href="https://a/">a</a></p>',
        '<mp-miniprogram data-miniprogram-appid="wx1" data-progarm-imageurl="https://a/"></mp-miniprogram>',
        '<p><img src="/admin/campaigns/mediaasset/5/file/" alt="猫"></p>',
        '<p><img src="data:image/png;base64,iVBORw0KGgo="></p>',
    ],
)
def test_it_stays_as_it_is(html: str) -> None:
    assert bodies.clean(html) == html


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<style>.a{color:red} #b>i{margin:0}</style><p class=a>x<b id=b><i>y</i></b>",
         '<p style="color:red">x<b><i style="margin:0">y</i></b></p>'),
        ("<style>@media print{p{color:red}} p:hover{color:blue}</style><p>x</p>", "<p>x</p>"),
        ("<style>p{color:red}</style><p style='color:blue'>x</p>", '<p style="color:blue">x</p>'),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
        ("<article>a</article><center>b</center><font color=red>c</font>",
         '<section>a</section><section style="text-align:center">b</section><span style="color:red">c</span>'),
        ("<table><tr><td>a<td>b</table>", "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"),
        (
            "<table>a<p>b</p><tr><td>c</table>",
            "<table><tbody><tr><td>a<p>b</p></td></tr><tr><td>c</td></tr></tbody></table>",
        ),
        ("<h1>a<h2>b", "<h1>a</h1><h2>b</h2>"),
        ("<td>a</td></p></div>", "a"),
        ("<label>a<button>b</button></label>", "ab"),
    ],
)  # fmt: skip
def test_it_becomes(html: str, cleaned: str) -> None:
    assert bodies.clean(html) == cleaned
