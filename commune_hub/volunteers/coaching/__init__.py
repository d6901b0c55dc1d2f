"""Coaching: who asks for a coach, who is paired with whom, their meetings and their messages."""
