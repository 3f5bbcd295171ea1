"""Demo content: pictures drawn by our own code, and the people, galleries and posts that show them."""
