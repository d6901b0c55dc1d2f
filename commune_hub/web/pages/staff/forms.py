"""The forms of staff are the forms of everybody (web/pages/forms.py)."""

from commune_hub.web.pages.forms import Form, moved_problems, pairs

__all__ = ["Form", "moved_problems", "pairs"]
