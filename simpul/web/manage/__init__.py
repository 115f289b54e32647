"""The administration under ``/kelola/``: what an installation is, who works in it, and which rules its matters follow."""
