"""Files and watched folders."""
