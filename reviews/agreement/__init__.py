"""How far assessors agree: figures with intervals from work that was marked more than once; no database."""
