"""How fast the engine is, measured against a plain-Mesa version of the same rules; not part of the wheel."""
