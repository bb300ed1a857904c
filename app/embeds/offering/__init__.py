"""What the owner of another site is offered: code to copy, and a link that unfolds by itself (oEmbed)."""
