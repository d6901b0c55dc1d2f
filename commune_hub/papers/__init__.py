"""What is printed as PDF: the words come from speech, the shape from a Typst template. No web, no database."""
