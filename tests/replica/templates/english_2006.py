# ruff: noqa: E501 - markup and prose keep their own lines
"""English pages of 2006: tables and fonts, the byline before the body."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from . import chrome

if TYPE_CHECKING:
    from ..newspaper import Newspaper
    from ..stories import Story


def render(story: Story, paper: Newspaper) -> str:
    head = escape(story.headline, quote=False)
    menu = " | ".join(
        f'<A href="/arti/english_edition/{code}/"><FONT color="#FFFFFF"><B>{escape(name)}</B></FONT></A>'
        for code, name in paper.sections().items()
    )
    body = "<BR><BR>\n".join(
        [
            *([f"<B>{escape(story.byline, quote=False)}</B>"] if story.byline else []),
            *(chrome.prose(story, n) for n in range(len(story.paragraphs))),
            escape(story.contact or "", quote=False),
        ]
    )
    viewed = chrome.links(
        paper.most_viewed(),
        '<TR><TD><IMG src="/images/eng/n{n}.gif" alt=""> <A href="{href}">{headline}</A></TD></TR>\n',
        host="",
    )
    latest = chrome.links(
        paper.stories()[10:40],
        '<TR><TD width="12"><IMG src="/images/eng/dot.gif" alt=""></TD><TD><A href="{href}"><FONT size="2">{headline}</FONT></A></TD></TR>\n',
        host="",
    )
    section = escape(story.section_name or "")
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<HTML>
<HEAD>
<META http-equiv="Content-Type" content="text/html; charset=utf-8">
<TITLE>{head} : {section} : Home</TITLE>
{chrome.style("e06", 60)}
<SCRIPT language="JavaScript">
<!--
function openPrint(id) {{ window.open('/arti/PRINT/' + id + '.html', 'print', 'width=650,height=600'); }}
//-->
</SCRIPT>
</HEAD>
<BODY bgcolor="#FFFFFF" leftmargin="0" topmargin="0">
<TABLE width="900" border="0" cellspacing="0" cellpadding="0" align="center">
<TR><TD><A href="/"><IMG src="/images/eng/logo.gif" border="0" alt="HOME"></A></TD><TD align="right"><FONT size="1">{chrome.words_of(paper.now, "2018").partition(" ")[0]}&nbsp;|&nbsp;<A href="http://www.hani.co.kr/">Korean</A></FONT></TD></TR>
<TR bgcolor="#003366"><TD colspan="2">{menu}</TD></TR>
</TABLE>
<TABLE width="900" border="0" cellpadding="10" align="center"><TR valign="top"><TD width="600">
<TABLE width="100%" border="0" cellpadding="4">
<TR><TD><FONT size="1"><A href="/">Home</A> &gt; <A href="/arti/english_edition/{story.section}/">{section}</A></FONT></TD></TR>
<TR><TD><FONT size="5" color="#003366"><B>{head}</B></FONT></TD></TR>
<TR><TD align="right"><FONT size="1" color="#666666">Posted on : {chrome.words_of(story.posted, "2018")}</FONT>
<A href="javascript:fontResize(1)"><IMG src="/images/eng/plus.gif" alt="larger"></A> <A href="javascript:openPrint({story.source_id})"><IMG src="/images/eng/print.gif" alt="print"></A></TD></TR>
<TR><TD height="1" bgcolor="#CCCCCC"></TD></TR>
<TR><TD>
{body}<BR><BR></TD></TR>
<TR><TD align="center"><A href="#top"><IMG src="/images/eng/top.gif" alt="top"></A></TD></TR>
</TABLE></TD>
<TD width="280"><TABLE width="100%" cellpadding="3"><TR><TD bgcolor="#DDE4EE"><B>Most viewed articles</B></TD></TR>
{viewed}</TABLE><BR>
<TABLE width="100%" cellpadding="2"><TR><TD colspan="2" bgcolor="#DDE4EE"><B>LATEST</B></TD></TR>
{latest}</TABLE>
</TD></TR></TABLE>
<HR width="900" size="1" noshade>
<CENTER><FONT size="1">Copyright. All rights reserved. Articles and photographs may not be reproduced. <A href="/info/privacy.html">Privacy policy</A></FONT></CENTER>
{chrome.scripts("eng2006", 20)}
</BODY>
</HTML>
"""
