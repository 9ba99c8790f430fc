"""Open Badges 2.0 as others still issue them: assertions that a website or a signature vouches for.

`documents` reads the three documents, `addresses` knows what an issuer speaks for, `pem` reads keys, `checks`
judges an assertion by the same named checks as an Open Badge 3.0. Nothing here issues such badges.
"""
