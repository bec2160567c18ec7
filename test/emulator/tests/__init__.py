"""Tests of the emulator. Run them in the parent folder: `python3 -m unittest discover --start-directory tests --top-level-directory .`"""
