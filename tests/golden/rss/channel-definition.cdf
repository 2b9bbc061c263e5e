<CHANNEL HREF="http://cdf.example/"><TITLE>A channel</TITLE>
<ITEM HREF="http://cdf.example/one" LASTMOD="1999-01-02T03:04"><TITLE>Item one</TITLE><ABSTRACT>What it says.</ABSTRACT></ITEM></CHANNEL>
