"""What WeChat posts to us: verified, stored raw, answered, processed afterwards."""
