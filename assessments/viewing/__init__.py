"""What the viewers show of a stored file: windows over text, rules and changes, as plain records."""
