"""The program as a person gets it: bundled by PyInstaller, checked, and wrapped into an installer."""
