"""The version of this package: the build, the User-Agent and the changelog's test read it here."""

VERSION = "0.1.0"
