"""How dates are written where a language's own formats do not serve; see the setting FORMAT_MODULE_PATH."""
