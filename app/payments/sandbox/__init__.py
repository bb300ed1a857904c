"""The sandbox gateway: a faithful fake that moves test money."""
