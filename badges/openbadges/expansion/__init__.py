"""The canonical form of everyday badges, by tables compiled from their contexts.

A general JSON-LD processor asks anew, for each member of each object, what the contexts make of it. The
answers depend only on the contexts, on the way down to the object and on its types; for pinned contexts they
can be written down. `profile` has pyld itself answer each question once, `emitting` reads a document along
these tables straight into N-Quads, `labelling` names the blank nodes, `repeats` keeps what a whole cohort of
badges has in common.

The profile is closed. Whatever it does not know (a term or type without definition, a nested @context, a
value object, a language map, blank nodes that look alike) makes `form_of` answer None, and the general path
in `badges.openbadges.linked_data` decides. It therefore refuses nothing by itself, and the general path alone
says why a document cannot be signed.
"""

from badges.openbadges.expansion.emitting import form_of
from badges.openbadges.expansion.repeats import Repeats

__all__ = ["Repeats", "form_of"]
