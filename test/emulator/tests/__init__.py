"""Tests of the emulator's own parts: `python3 -m unittest discover --start-directory tests --top-level-directory .`, in the folder above."""
