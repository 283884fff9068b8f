"""Published patterns next to what the model does, each measured by a small experiment of its own."""
