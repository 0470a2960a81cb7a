"""What is so at a point of the timeline: the state that the one fold builds, shared by deciding and by answering."""
