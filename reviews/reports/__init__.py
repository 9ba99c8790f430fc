"""What a report says, how its charts are drawn, and in which file forms it comes."""
