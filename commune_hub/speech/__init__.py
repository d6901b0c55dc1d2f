"""How the hub speaks: languages, sentences for codes and from facts. Just below the doors, which both speak with it."""
