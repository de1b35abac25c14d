"""What every other part may use and no domain word is spoken: audit trail, blobs, outbox, environment."""
